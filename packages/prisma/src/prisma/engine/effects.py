"""Effects: what the interpreter asks its caller to do, and what it expects back.

The interpreter is a generator. It yields one effect at a time and is sent the answer; a fault is thrown into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Run a statement that returns rows; answer: a sequence of mappings from column name to driver value."""

    sql: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RunExecute:
    """Run a statement for its effect; answer: the number of affected rows."""

    sql: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class DescribeArrays:
    """Say what arrays of a statement's parameters are called; answer: an SQL type for each, None for one that is itself
    an array.
    """

    sql: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Open a transaction unless one is open already; answer: whether one was opened."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Commit the transaction that `Begin` opened."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """Roll back the transaction that `Begin` opened."""


Effect: TypeAlias = RunQuery | RunExecute | DescribeArrays | Begin | Commit | Rollback
