"""Statements: what a connection has prepared, kept by text, the least recently used dropped first."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prisma.drivers._async.session import PreparedStatement, Session
    from prisma.drivers.parameters import Parameters
    from prisma.drivers.protocol import Description

# Longer texts are rows written out, each seen once: keeping them would drop the statements that come again.
MAX_KEPT_LENGTH = 16_384

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Statement:
    """A prepared statement with the converters of its parameters and what the server said of it."""

    prepared: PreparedStatement
    parameters: Parameters
    description: Description


class Statements:
    """The statements of one connection, at most `limit` of them.

    A kept statement has a name on the server. Others have none: they are described, then parsed and run in one go, so
    that they also work through a PgBouncer, whose next server has not seen the description. Keeping such a description
    would be wrong: after a change of the schema, nobody would notice that it no longer holds.
    """

    __slots__ = ("_kept", "_limit")

    def __init__(self, limit: int) -> None:
        self._kept: OrderedDict[str, Statement] = OrderedDict()
        self._limit = limit

    def find(self, sql: str) -> Statement | None:
        """Return the statement if it is kept."""
        kept = self._kept
        statement = kept.get(sql)
        if statement is not None:
            kept.move_to_end(sql)
        return statement

    async def prepare(self, session: Session, sql: str) -> Statement:
        """Return a new statement, without keeping it yet."""
        name = f"prisma_{next(_numbers)}" if self._keeps(sql) else ""
        prepared = await session.prepare(sql, name=name)
        return Statement(prepared, session.parameters_of(prepared), session.description_of(prepared))

    def keep(self, sql: str, statement: Statement) -> None:
        """Keep a statement that has worked, if there is room for its kind."""
        if not self._keeps(sql):
            return
        self._kept[sql] = statement
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Drop all statements; the session closes them on the server."""
        self._kept.clear()

    def _keeps(self, sql: str) -> bool:
        return self._limit > 0 and len(sql) <= MAX_KEPT_LENGTH
