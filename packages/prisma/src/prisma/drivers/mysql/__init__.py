"""The driver for MySQL and MariaDB: on asyncmy for asyncio, on PyMySQL for threads."""
