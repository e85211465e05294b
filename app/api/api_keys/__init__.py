"""API keys, by which the programs of a user sign in."""
