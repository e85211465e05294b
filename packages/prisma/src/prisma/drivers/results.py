"""What connections and pools return besides plain rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class PoolStats:
    """A moment of a pool: connections in use, idle, the limit, tasks that wait, and all that were opened so far."""

    in_use: int
    idle: int
    limit: int
    waiting: int
    # Two moments of a pool are the same moment in tests, however often a connection was replaced before.
    opened: int = field(default=0, compare=False)


class RawRows(NamedTuple):
    """Rows of raw SQL: for each column its name and the database's name of its type (`int4`, `_text`, …)."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Sequence[object]]
