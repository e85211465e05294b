"""API keys from the command line, to make the first key."""
