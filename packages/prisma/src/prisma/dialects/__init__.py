"""Dialects: all that differs between databases in what the client writes and reads, a module for each database.

`dialect_of` is the table of them: no other module asks which database it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.errors import UnsupportedDatabaseError

if TYPE_CHECKING:
    from prisma.dialects.dialect import Dialect


def dialect_of(provider: str, doing: str = "This release") -> Dialect:
    """Return the dialect for a datasource's word, such as `postgresql`.

    Raises UnsupportedDatabaseError for other words; `doing` is the subject of its sentence.
    """
    # Imported when asked for: a program uses one database.
    match provider:
        case "postgresql" | "postgres":
            from prisma.dialects.postgresql import POSTGRESQL

            return POSTGRESQL
        case "cockroachdb":
            from prisma.dialects.cockroachdb import COCKROACHDB

            return COCKROACHDB
        case "sqlite":
            from prisma.dialects.sqlite import SQLITE

            return SQLITE
        case "mysql":
            from prisma.dialects.mysql import MYSQL

            return MYSQL
        case _:
            raise UnsupportedDatabaseError(provider, doing)
