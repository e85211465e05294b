"""Connections to MySQL and MariaDB for asyncio."""
