"""The database: the client of the process, retries, expiry, and the embedded server."""
