"""The protocol of drivers: a pool lends connections, and connections run statements.

Input values: None, bool, int, float, Decimal, str, bytes, aware datetime, and lists of those; JSON columns take their
text. The driver converts each value to the type that the server infers for its placeholder. Output values are the
Python forms of PostgreSQL's binary format: int, float, Decimal, bool, str, bytes, datetime (naive for `timestamp`),
date, time, UUID, list; `json`/`jsonb` come as text.

All failures are `prisma.faults.DriverFault`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from prisma.drivers._async.protocol import Connection, Pool
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Connection", "Description", "Pool", "PoolStats", "RawRows"]


@dataclass(frozen=True, slots=True)
class PoolStats:
    """A moment of a pool: connections in use, idle, the limit, tasks that wait, and all that were opened so far."""

    in_use: int
    idle: int
    limit: int
    waiting: int
    opened: int = field(default=0, compare=False)


class RawRows(Frozen):
    """Rows of raw SQL: for each column its name and PostgreSQL type name (`int4`, `_text`, `timestamptz`, …)."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Sequence[object]]


class Description(NamedTuple):
    """What the server says of a statement that it has parsed; types are oids."""

    parameters: tuple[int, ...]
    columns: tuple[int, ...]
    names: tuple[str, ...]
