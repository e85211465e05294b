"""API keys: how programs of a user sign in."""
