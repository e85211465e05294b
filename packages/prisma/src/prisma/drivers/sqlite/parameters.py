"""Parameters: from the values of a plan or of raw SQL to those that SQLite stores."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import UUID

from prisma.dialects.dialect import TimestampFormat
from prisma.drivers.sqlite.moments import as_milliseconds, as_text
from prisma.faults import DriverFault, FaultKind

Converter: TypeAlias = Callable[[Any], object]

_STORED: Final = frozenset({int, str, bytes, type(None)})
"""Types whose values SQLite stores, all of them and as they are."""


class Parameters:
    """Converts the parameters of statements."""

    __slots__ = ("_converters",)

    def __init__(self, timestamp_format: TimestampFormat) -> None:
        is_text = timestamp_format is TimestampFormat.ISO_TEXT
        self._converters: dict[type, Converter] = {
            bool: int,
            # SQLite has no exact numbers with a fraction; Prisma's own driver stores a float as well.
            Decimal: _finite,
            float: _number,
            datetime: as_text if is_text else as_milliseconds,
            date: date.isoformat,
            time: time.isoformat,
            UUID: str,
            bytearray: bytes,
            memoryview: bytes,
        }

    def converted(self, values: Sequence[object]) -> Sequence[object]:
        """Return the values as SQLite takes them.

        Raises:
            DriverFault: SQLite has no such value.
        """
        stored = _STORED
        for value in values:
            if type(value) not in stored:
                return [self._convert(value) for value in values]
        return values

    def _convert(self, value: object) -> object:
        if type(value) in _STORED:
            return value
        convert = self._converters.get(type(value)) or self._by_class(value)
        return convert(value)

    def _by_class(self, value: object) -> Converter:
        for kind, convert in self._converters.items():
            if isinstance(value, kind):
                return convert
        for kind in (int, str, bytes):
            if isinstance(value, kind):
                return kind
        message = f"SQLite can't store a value of the type {type(value).__name__}."
        raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message, "sqlstate": "SQLITE_MISMATCH"})


def _number(value: float) -> float:
    if value != value:
        # SQLite would store NULL.
        raise _out_of_range("SQLite can't store NaN.")
    return float(value)


def _finite(value: Decimal) -> float:
    if not value.is_finite():
        raise _out_of_range(f"SQLite can't store the decimal {'NaN' if value.is_nan() else 'infinity'}.")
    number = float(value)
    if math.isinf(number):
        raise _out_of_range("A decimal is beyond the floating-point numbers in which SQLite stores it.")
    return number


def _out_of_range(message: str) -> DriverFault:
    return DriverFault(FaultKind.VALUE_OUT_OF_RANGE, {"message": message, "sqlstate": "SQLITE_RANGE"})
