"""The health of the service: whether it can do its work."""
