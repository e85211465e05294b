"""psycopg for threads. Made from `_async` by tools/async_to_sync.py, but for `waiting` and the pool."""
