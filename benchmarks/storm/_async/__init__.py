"""The operations over asyncio."""
