"""All code of the client that waits. A tool makes the synchronous client from this folder."""
