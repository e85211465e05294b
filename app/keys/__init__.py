"""API keys from the command line: made, listed and revoked."""
