"""The psycopg driver: pools of connections to PostgreSQL, for asyncio (`_async.pool`) and for threads (`_sync.pool`).

Nothing is imported here, so that a program loads the side that it uses.
"""
