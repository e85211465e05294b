"""Asynchronous connections to PostgreSQL, for every driver."""
