"""Lists after `IN` in a database without arrays: few texts of one statement, whatever the length of its lists.

A connection keeps its prepared statements by their text. A short list repeats its last value until its length is a
power of two, which changes neither IN nor NOT IN. A longer one becomes one parameter, a JSON array, if JSON holds
its values as the database would: whole numbers of 64 bits and texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import NoneType
from typing import Any, Final

from prisma.frozen import Frozen

LONGEST_PADDED: Final = 512
_SMALLEST, _BIGGEST = -(2**63), 2**63 - 1
_ZERO: Final = "\\u0000"  # as JSON writes it; SQLite ends a text there


class JsonList(Frozen):
    """A list as JSON text."""

    text: str


def fitted(values: Sequence[Any]) -> Sequence[Any] | JsonList:
    """Return a list in the form that has the fewest texts."""
    return padded(values) if len(values) <= LONGEST_PADDED else as_json(values)


def padded(values: Sequence[Any]) -> Sequence[Any]:
    """Return a list whose length is a power of two; without elements, or long, it stays as it is."""
    count = len(values)
    if not 2 < count <= LONGEST_PADDED:
        return values
    return [*values, *[values[-1]] * ((1 << (count - 1).bit_length()) - count)]


def as_json(values: Sequence[Any]) -> Sequence[Any] | JsonList:
    """Return a long list as JSON; as it is where it is short, or JSON would change its values."""
    if len(values) <= LONGEST_PADDED:
        return values
    kinds = set(map(type, values)) - {NoneType}
    if kinds == {int}:
        numbers = [value for value in values if value is not None]
        if min(numbers) >= _SMALLEST and max(numbers) <= _BIGGEST:
            return JsonList(json.dumps(values))
    elif kinds == {str}:
        text = json.dumps(values, ensure_ascii=False)
        if _ZERO not in text:
            return JsonList(text)
    return values
