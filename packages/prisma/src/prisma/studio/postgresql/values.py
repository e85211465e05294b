"""Values between the page, which writes JSON, and the server, which writes PostgreSQL's text form.

The page expects the values of the library that Studio has under Node.js: small integers and floats as numbers; int8 and
numeric as strings, because a number of JavaScript is less exact; JSON as such; timestamps in ISO form, with time zone
in UTC; arrays as lists; everything else as the server writes it. Here that holds for bytes, too (`\\x6162`), and for
what JavaScript could not represent: infinity, years before Christ, microseconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prisma.drivers.postgresql.psycopg.catalog import KnownType
    from prisma.drivers.postgresql.psycopg.text_connection import TextColumn, TextRows

Writer: TypeAlias = Callable[[str], str]

# The page's own default for a column of JSON that must have a value; it is the text of an object, not a string.
_EMPTY_OBJECT: Final = "{}"
_JSON: Final = frozenset({"json", "jsonb"})
_NO_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_MILLISECOND: Final = 1000  # microseconds

quoted: Final[Writer] = json.JSONEncoder(ensure_ascii=False).encode


def sent(value: object, type_: KnownType) -> object:
    """Return what a connection sends for a value of the page; `type_` is the server's for the parameter."""
    element = type_.name.removesuffix("[]")
    if type_.kind == "array" and isinstance(value, list):
        # Copied, as a list of JSON values keeps their own lists.
        return [_sent_scalar(item, element) for item in cast("list[object]", value)]
    return _sent_scalar(value, type_.name)


def _sent_scalar(value: object, type_name: str) -> object:
    if type_name in _JSON:
        return value if value is None or value == _EMPTY_OBJECT else json.dumps(value)
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, bool) and type_name != "bool":
        return "true" if value else "false"
    return value


def shown(rows: TextRows) -> str:
    """Return the rows as JSON: a list of objects by column name."""
    writers = [(f"{quoted(column.name)}:", _writer(column)) for column in rows.columns]
    return f"[{','.join(_object(writers, row) for row in rows.rows)}]"


def _object(writers: Iterable[tuple[str, Writer]], row: list[str | None]) -> str:
    pairs = zip(writers, row, strict=True)
    return f"{{{','.join(f'{name}null' if text is None else name + write(text) for (name, write), text in pairs)}}}"


def _writer(column: TextColumn) -> Writer:
    name = column.type.name
    if column.type.kind == "array":
        return partial(_array, _WRITERS.get(name.removesuffix("[]"), quoted), column.type.delimiter)
    return _WRITERS.get(name, quoted)


def _as_written(text: str) -> str:
    return text


def _float(text: str) -> str:
    return quoted(text) if text in _NO_NUMBERS else text


def _boolean(text: str) -> str:
    return "true" if text == "t" else "false"


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        # Beyond what Python can hold, or in another style.
        return quoted(text)
    exact = moment.microsecond % _MILLISECOND
    return f'"{moment.isoformat(timespec="microseconds" if exact else "milliseconds")}Z"'


def _array(write: Writer, delimiter: str, text: str) -> str:
    """Turn the text of an array into JSON, mark by mark: `{1,{2,NULL}}` becomes `[1,[2,null]]`."""
    # Before an array that does not begin with element 1, its bounds are written: [0:1]={1,2}
    body = text.partition("=")[2] if text.startswith("[") else text
    marks = {"{": "[", "}": "]", delimiter: ",", "NULL": "null"}

    def converted(found: re.Match[str]) -> str:
        if found["quoted"] is not None:
            return write(re.sub(r"\\(.)", r"\1", found["quoted"], flags=re.DOTALL))
        return marks.get(found[0]) or write(found[0])

    return _array_pattern(delimiter).sub(converted, body)


@lru_cache
def _array_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf'[{{}}]|{mark}|"(?P<quoted>(?:[^"\\]|\\.)*+)"|[^{{}}"{mark}]++', re.DOTALL)


_WRITERS: Final[Mapping[str, Writer]] = {
    "int2": _as_written,
    "int4": _as_written,
    "oid": _as_written,
    "float4": _float,
    "float8": _float,
    "bool": _boolean,
    "json": _as_written,
    "jsonb": _as_written,
    "timestamp": _moment,
    "timestamptz": _moment,
}
