"""Effects: what the interpreter asks its caller to do, and what it expects back.

The interpreter is a generator. It yields one effect at a time and is sent the answer; a fault is thrown into it.
"""

from __future__ import annotations

from typing import TypeAlias

from prisma.frozen import Frozen


class RunQuery(Frozen):
    """Run a statement that returns rows; answer: a sequence of mappings from column name to driver value."""

    sql: str
    args: tuple[object, ...]


class RunExecute(Frozen):
    """Run a statement for its effect; answer: the number of affected rows."""

    sql: str
    args: tuple[object, ...]


class DescribeArrays(Frozen):
    """Say what arrays of a statement's parameters are called; answer: an SQL type for each, None for one that is itself
    an array.
    """

    sql: str


class Begin(Frozen):
    """Open a transaction unless one is open already; answer: whether one was opened."""


class Commit(Frozen):
    """Commit the transaction that `Begin` opened."""


class Rollback(Frozen):
    """Roll back the transaction that `Begin` opened."""


Effect: TypeAlias = RunQuery | RunExecute | DescribeArrays | Begin | Commit | Rollback
