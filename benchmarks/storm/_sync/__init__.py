"""The operations for threads."""
