"""psycopg for asyncio. A tool makes the synchronous side from this folder, except `waiting`."""
