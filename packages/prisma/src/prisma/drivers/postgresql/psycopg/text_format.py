"""Values in the form in which they travel to the server: PostgreSQL's text form; for bytes, the binary form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias, cast

TEXT: Final = 0
BINARY: Final = 1

Written: TypeAlias = tuple[list[bytes | None], list[int]]


def written(values: Iterable[object], delimiters: Iterable[str]) -> Written:
    """Return the values and their formats; `delimiters` are those of array types.

    Raises:
        ValueError: a text holds a zero byte, which PostgreSQL can't store.
    """
    sent: list[bytes | None] = []
    formats: list[int] = []
    for value, delimiter in zip(values, delimiters, strict=True):
        if value is None:
            sent.append(None)
            formats.append(TEXT)
        elif isinstance(value, (bytes, bytearray, memoryview)):
            # Half as long as the text form, and nothing to convert.
            sent.append(bytes(cast("bytes", value)))
            formats.append(BINARY)
        else:
            sent.append(_encoded(_text(value, delimiter)))
            formats.append(TEXT)
    return sent, formats


def _encoded(text: str) -> bytes:
    if "\0" in text:
        raise ValueError("A text of PostgreSQL can't hold a zero byte.")
    return text.encode()


def _text(value: object, delimiter: str) -> str:
    # Nearly every value is of exactly one of these classes.
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, list):
        return _array(cast("Sequence[object]", value), delimiter)
    if isinstance(value, tuple):
        return f"({','.join(_text(item, ',') for item in cast('Sequence[object]', value))})"
    for type_, writer in _WRITERS.items():
        if isinstance(value, type_):
            return writer(value)
    return str(value)


def _array(items: Sequence[object], delimiter: str) -> str:
    return f"{{{delimiter.join(_element(item, delimiter) for item in items)}}}"


def _element(item: object, delimiter: str) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, list):
        return _array(cast("Sequence[object]", item), delimiter)
    if isinstance(item, (bytes, bytearray, memoryview)):
        return f'"\\\\x{item.hex()}"'
    text = _text(item, delimiter)
    # Quotes around everything else: a text may look like NULL, or hold a brace or the delimiter.
    return text if type(item) in _UNQUOTED else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _boolean(value: bool) -> str:
    return "t" if value else "f"


def _moment(value: datetime) -> str:
    return value.isoformat(" ")


_UNQUOTED: Final = frozenset({int, float, bool})
# The order counts for subclasses: a datetime is a date, a bool is an int.
_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: str.__str__,
    bool: _boolean,
    int: int.__repr__,
    float: float.__repr__,
    datetime: _moment,
    date: date.isoformat,
}
