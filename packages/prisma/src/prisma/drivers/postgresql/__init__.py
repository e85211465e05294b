"""PostgreSQL: its URLs, its types and its errors, and the drivers asyncpg and psycopg."""
