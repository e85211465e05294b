"""Example data: a small company, and any number of additional users."""
