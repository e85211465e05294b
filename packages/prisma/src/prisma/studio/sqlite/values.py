"""Values between the page, which writes JSON, and SQLite.

The page shows what is stored: a moment as the number or the text that it is. Whole numbers beyond those that JavaScript
counts exactly travel as texts, and bytes as PostgreSQL writes them (`\\x6162`).
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Final

from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROW_COST: Final = 64  # bytes that a row counts for besides its values
_EXACT: Final = 2**53 - 1
_BYTES: Final = re.compile(r"\\x(?:[0-9a-fA-F]{2})*")
_PARSED: Final = "json-parse"
_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode


def sent(value: object, *, is_blob: bool) -> object:
    """Return what SQLite is sent for a value of the page; `is_blob` says that it is for a column of bytes."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if is_blob and isinstance(value, str) and _BYTES.fullmatch(value):
        return bytes.fromhex(value[2:])
    return value


def shown(
    names: Sequence[str], rows: Iterable[Sequence[object]], transformations: Mapping[str, str], limit: int
) -> str:
    """Return the rows as JSON: a list of objects by column name.

    Raises DriverFault if it would have more than `limit` characters.
    """
    keys = [(f"{_quoted(name)}:", transformations.get(name) == _PARSED) for name in names]
    texts: list[str] = []
    left = limit
    for row in rows:
        pairs = zip(keys, row, strict=True)
        text = f"{{{','.join(key + _written(value, is_json=is_json) for (key, is_json), value in pairs)}}}"
        left -= len(text) + ROW_COST
        if left < 0:
            message = f"The rows are larger than {limit >> 20} MiB, too much to show: ask for fewer rows or columns."
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})
        texts.append(text)
    return f"[{','.join(texts)}]"


def _written(value: object, *, is_json: bool) -> str:
    match value:
        case None:
            return "null"
        case int():
            return str(value) if abs(value) <= _EXACT else f'"{value}"'
        case float():
            return repr(value) if math.isfinite(value) else f'"{value}"'
        case bytes():
            return f'"\\\\x{value.hex()}"'
        case _:
            return str(value) if is_json else _quoted(str(value))
