"""psycopg for asyncio. The synchronous side is made from here by a tool, but for `waiting` and the pool."""
