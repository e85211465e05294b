"""Dates before the year 1 and after 9999, which Python can't hold: the error that names their column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from prisma.faults import DriverFault, FaultKind

UNREADABLE: Final = object()
"""Takes the place of such a value in a row."""


def check(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Raise the fault that names the column of the first unreadable value."""
    for row in rows:
        for name, value in zip(names, row, strict=True):
            if _is_placeholder(value):
                raise fault([name])


def fault(names: Sequence[str]) -> DriverFault:
    """Return the fault for an unreadable value in one of these columns."""
    columns = ", ".join(map(repr, names))
    where = f"the column {columns} holds" if len(names) == 1 else f"one of the columns {columns} holds"
    problem = f"{where} a date before the year 1 or after 9999, which Python's datetime can't represent"
    column = {"column": names[0]} if len(names) == 1 else {}
    return DriverFault(FaultKind.INCONSISTENT_COLUMN_DATA, {"message": problem, **column})


def is_unreadable(error: BaseException) -> bool:
    """Tell whether an error is the fault for an unreadable value."""
    return isinstance(error, DriverFault) and error.kind is FaultKind.INCONSISTENT_COLUMN_DATA


def _is_placeholder(value: Any) -> bool:
    return value is UNREADABLE or (isinstance(value, list) and any(map(_is_placeholder, value)))  # pyright: ignore[reportUnknownArgumentType]
