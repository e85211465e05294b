"""Columns of type `real`: read as the shortest number with the same value, as the server writes it.

asyncpg widens the four bytes: 0.1 becomes 0.10000000149011612. Python compares that as a different number. It also
differs from the value of the same column inside an included relation, which travels as text.
"""

from __future__ import annotations

import math
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.postgresql.asyncpg.statement import AsyncpgStatement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from prisma.drivers.postgresql.asyncpg.companions import Crossing

_REAL: Final = 700  # the oids of pg_type: float4 and its array
_REALS: Final = 1021
# In the machine's byte order, a number that is too great becomes infinity.
_FOUR_BYTES: Final = Struct("f")
_DIGITS: Final = 9  # as many always suffice for four bytes


def shortest(value: float) -> float:
    """Return the number with the fewest digits that is the same in four bytes."""
    if not math.isfinite(value):
        return value
    for digits in range(1, _DIGITS):
        candidate = float(f"{value:.{digits}g}")
        if _FOUR_BYTES.unpack(_FOUR_BYTES.pack(candidate))[0] == value:
            return candidate
    return float(f"{value:.{_DIGITS}g}")


def columns_of(attributes: Iterable[Any]) -> tuple[int, ...]:
    """Return the positions of the `real` columns, and of their arrays, among the columns of a result."""
    return tuple(position for position, column in enumerate(attributes) if column.type.oid in (_REAL, _REALS))


class RealStatement(AsyncpgStatement):
    """A prepared statement of asyncpg whose result has `real` columns."""

    __slots__ = ("_columns",)

    def __init__(
        self, run: Any, prepared: Any, prepare_for_limits: Callable[[], Awaitable[Any]], columns: tuple[int, ...]
    ) -> None:
        super().__init__(run, prepared, prepare_for_limits)
        self._columns = columns

    async def fetch(self, *args: Any) -> list[Any]:
        """Run it and return its rows as mappings."""
        return [dict(zip(row.keys(), self._values(row), strict=True)) for row in await super().fetch(*args)]

    async def fetch_plain(self, values: Sequence[object]) -> list[Any]:
        """Run it and return its rows as sequences."""
        return [self._values(row) for row in await super().fetch_plain(values)]

    async def fetch_along(self, values: Sequence[object], crossing: Crossing) -> list[Any]:
        """Run it with companions and return its rows as mappings."""
        rows = await super().fetch_along(values, crossing)
        return [dict(zip(row.keys(), self._values(row), strict=True)) for row in rows]

    def _values(self, row: Any) -> list[Any]:
        values = list(row.values())
        for position in self._columns:
            values[position] = _shortened(values[position])
        return values


def _shortened(value: Any) -> Any:
    if isinstance(value, float):
        return shortest(value)
    # An array may have several dimensions.
    return [_shortened(item) for item in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]
