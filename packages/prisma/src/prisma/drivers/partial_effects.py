"""Partial effects: raw SQL of which some may remain when it fails."""

from __future__ import annotations

from itertools import islice

from prisma.dialects import dialect_of


def may_commit(provider: str, sql: str) -> bool:
    """Tell whether SQL can commit on its way, and then fail: a procedure's call, or one of several statements."""
    # Imported when asked for: a program uses one database.
    if dialect_of(provider).is_file:
        from prisma.drivers.sqlite.scripts import statements

        # Each takes effect by itself.
        return len(list(islice(statements(sql), 2))) > 1
    from prisma.drivers.postgresql import sql_tokens

    return sql_tokens.may_commit(sql)
