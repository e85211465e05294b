"""API keys from the command line: the way in, before there is any key."""
