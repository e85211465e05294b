"""Synchronous connections to PostgreSQL, for every driver."""
