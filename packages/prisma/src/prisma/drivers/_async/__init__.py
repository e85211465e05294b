"""Pools and the protocols of drivers for asyncio, for every database."""
