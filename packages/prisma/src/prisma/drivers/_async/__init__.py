"""Connections and pools for asyncio. The synchronous ones are made from here by a tool, as far as they can be."""
