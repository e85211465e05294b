"""Which raw SQL can change a session beyond its transaction, and the SQL that resets the session."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from prisma.drivers.postgresql.stateless_sql import is_plain

MAX_KNOWN_TEXTS: Final = 512  # statements whose answer is kept
MAX_READ_LENGTH: Final = 16_384  # characters; to read through longer texts costs more than a reset

# The effect of DISCARD ALL, which can't be sent along with other statements. Left out is what would cost much to make
# again: plans, and the statements that the connection has prepared. The seed of random() must not be one that a user
# can foresee. The last statement, whose status is the answer, counts the statements that SQL has prepared.
RESET: Final = (
    "SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; "
    "SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; "
    "SELECT pg_catalog.setseed(pg_catalog.hashtext(pg_catalog.gen_random_uuid()::text) / 2147483648.0); "
    "SELECT FROM pg_catalog.pg_prepared_statements WHERE from_sql"
)
ALL_OURS: Final = "SELECT 0"
"""The status of RESET where no statement has been prepared by SQL."""

_DROPPING: Final = re.compile("deallocate|discard", re.IGNORECASE)


def changes_session(sql: str) -> bool:
    """Tell whether `sql` may leave something behind in its session: a setting, a lock, a temporary table, …

    Only what is surely plain does not. See `prisma.drivers.postgresql.stateless_sql`.
    """
    return len(sql) > MAX_READ_LENGTH or not _is_known_as_plain(sql)


def drops_statements(sql: str) -> bool:
    """Tell whether `sql` may drop what the connection has prepared."""
    return _DROPPING.search(sql) is not None


_is_known_as_plain = lru_cache(MAX_KNOWN_TEXTS)(is_plain)
