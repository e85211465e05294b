"""psycopg for threads. Made from `_async` by tools/async_to_sync.py, except `waiting`."""
