"""Effects: the requests of a running plan to its caller, each with the answer that it expects.

A run is a generator. It yields one effect at a time and is sent the answer; a fault is thrown into it. So one engine
serves both the asynchronous and the synchronous client, and tests need no database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from prisma.frozen import Frozen


class RunQuery(Frozen):
    """Run a statement that returns rows; answer: a sequence of mappings from column name to driver value."""

    sql: str
    args: tuple[object, ...]


class RunExecute(Frozen):
    """Run a statement for its effect; answer: the number of affected rows."""

    sql: str
    args: tuple[object, ...]


class RunInsert(Frozen):
    """Run an INSERT of one row where the database can't return it; answer: the id that it made, 0 for none."""

    sql: str
    args: tuple[object, ...]


class DescribeArrays(Frozen):
    """Name the array types of a statement's parameters; answer: an SQL type for each, None for a parameter that is an
    array itself.
    """

    sql: str


class Begin(Frozen):
    """Open a transaction unless one is open already; answer: whether one was opened."""


class Commit(Frozen):
    """Commit the transaction that `Begin` opened."""


class Rollback(Frozen):
    """Roll back the transaction that `Begin` opened."""


class Decode(Frozen):
    """Make records of many rows, a `portion` of them at a time, or of one large value; answer: the records."""

    decode: Callable[[Any], Any]
    rows: Any
    portion: int | None


Effect: TypeAlias = RunQuery | RunExecute | RunInsert | DescribeArrays | Begin | Commit | Rollback | Decode
