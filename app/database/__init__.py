"""The database: the client of the process, and what every use of it needs."""
