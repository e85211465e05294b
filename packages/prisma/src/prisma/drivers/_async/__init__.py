"""Connections and pools for asyncio. A tool makes the synchronous ones from this folder, as far as it can."""
