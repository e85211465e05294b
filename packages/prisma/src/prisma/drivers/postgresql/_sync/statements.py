# Made by tools/async_to_sync.py from drivers/postgresql/_async/statements.py: change that file and run the tool.
"""The prepared statements of a connection, by text; the least recently used is dropped first."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from prisma.drivers.postgresql.declared_types import Types
from prisma.faults import STATEMENT_PREFIX

if TYPE_CHECKING:
    from prisma.drivers.postgresql._sync.session import PreparedStatement, Session
    from prisma.drivers.postgresql.description import Description
    from prisma.drivers.postgresql.parameters import Parameters

# Longer texts are rows written out, each seen once: keeping them would drop the statements that come again.
MAX_KEPT_LENGTH = 16_384
# The rows of a cursor depend on the cursor, and its name does not come again.
_ABOUT_CURSORS: Final = ("DECLARE ", "FETCH ")

# For the names on the server, which must be new on their session, also after `forget`.
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Statement:
    """A prepared statement with the converters of its parameters."""

    sql: str
    prepared: PreparedStatement
    parameters: Parameters
    description: Description | None
    """What the server said of a kept statement, to notice when that changes."""
    names: tuple[str, ...] | None = None
    """Its columns' names, where those of its text are others."""


Key: TypeAlias = str | tuple[str, Types]
"""What a statement is asked for by: its text, and the types that its parameters are declared with."""


class Statements:
    """The statements of one connection, at most `limit` of them.

    A kept statement has a name on the server. Others have none: they are described, then parsed and run in one go, so
    that they also work through a PgBouncer, whose next server has not seen the description. Keeping such a description
    would be wrong: after a change of the schema, nothing would show that it no longer holds.
    """

    __slots__ = ("_kept", "_limit")

    def __init__(self, limit: int) -> None:
        self._kept: OrderedDict[Key, Statement] = OrderedDict()
        self._limit = limit

    def find(self, key: Key) -> Statement | None:
        """Return the statement if it is kept."""
        # Every statement comes through here, so it does nothing more.
        kept = self._kept
        statement = kept.get(key)
        if statement is not None:
            kept.move_to_end(key)
        return statement

    def prepare(self, session: Session, sql: str, names: tuple[str, ...] | None = None) -> Statement:
        """Return a new statement, without keeping it yet."""
        name = f"{STATEMENT_PREFIX}{next(_numbers)}" if self._keeps(sql) else ""
        prepared = session.prepare(sql, name=name)
        description = session.description_of(prepared) if name else None
        return Statement(sql, prepared, session.parameters_of(prepared), description, names)

    def keep(self, key: Key, statement: Statement) -> None:
        """Keep a statement that has worked, if there is room for its kind."""
        if not self._keeps(statement.sql):
            return
        self._kept[key] = statement
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Drop all statements; the session closes them on the server."""
        self._kept.clear()

    def _keeps(self, sql: str) -> bool:
        return self._limit > 0 and len(sql) <= MAX_KEPT_LENGTH and not sql.startswith(_ABOUT_CURSORS)
