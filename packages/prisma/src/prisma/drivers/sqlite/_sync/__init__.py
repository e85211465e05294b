"""Connections to SQLite for threads."""
