"""Connections to SQLite for asyncio."""
