"""Raw SQL: the Python types of its parameters and of its results.

Results have the types of 0.15.0, which are those of JSON: times are ISO 8601 text, decimals floats, bytes Base64 text.
If a model parses the rows, it gets Decimals, so that no digit is lost.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from uuid import UUID

from prisma.client.request.values import json_text, type_of
from prisma.drivers.postgresql.parameters import JsonText
from prisma.engine.plan_error import too_deep
from prisma.fields import Base64, Json

if TYPE_CHECKING:
    from prisma.drivers.results import RawRows

_Loader: TypeAlias = Callable[[Any], object]


_PASSED: Final = (
    bool, int, float, Decimal, str, bytes, bytearray, memoryview, date, time, timedelta, UUID,
    IPv4Address, IPv6Address, IPv4Interface, IPv6Interface, IPv4Network, IPv6Network,
)  # fmt: skip
_PLAIN: Final = frozenset((str, int, float, bool, bytes, Decimal, UUID, type(None)))
"""Classes whose instances a driver takes unchanged. Most values are of these; other checks cost ten times as much."""


def parameters(values: Sequence[object]) -> list[object]:
    """Return a raw query's arguments as the driver wants them.

    Raises:
        TypeError: a value is nothing that a database knows.
    """
    found = list(values)
    for place in _others(tuple(map(type, found))):
        found[place] = _parameter(found[place])
    return found


@lru_cache(512)
def _others(classes: tuple[type, ...]) -> tuple[int, ...]:
    """Return the places of the values that are not plain."""
    return tuple([place for place, class_ in enumerate(classes) if class_ not in _PLAIN])


def _parameter(value: object) -> object:
    if type(value) is list and _PLAIN.issuperset(map(type, cast("list[object]", value))):
        return list(cast("list[object]", value))
    if isinstance(value, Json | dict):
        return JsonText(json_text(cast("object", value)))
    if isinstance(value, Base64):
        return value.decode()
    if isinstance(value, Enum):
        return cast("object", value.value)
    if isinstance(value, datetime):
        # 0.15.0 takes naive times as UTC and cuts them to milliseconds.
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return aware.replace(microsecond=aware.microsecond // 1000 * 1000)
    if isinstance(value, list | tuple):
        return parameters(cast("Sequence[object]", value))
    if value is not None and not isinstance(value, _PASSED):
        raise TypeError(f"Type {type_of(value)} not serializable: raw SQL takes no parameter of this type.")
    return cast("object", value)


def _datetime_text(value: datetime | str) -> str:
    # MySQL's 0000-00-00 is no moment, and comes as the text that it is.
    if isinstance(value, str):
        return value
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    if aware.microsecond == 0:
        return aware.isoformat(timespec="seconds")
    return aware.isoformat(timespec="microseconds" if aware.microsecond % 1000 else "milliseconds")


def _date_text(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _base64_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise too_deep() from error


_LOADERS: Final[dict[str, _Loader]] = {
    "json": _parsed,
    "jsonb": _parsed,
    "numeric": float,
    "timestamp": _datetime_text,
    "timestamptz": _datetime_text,
    "date": _date_text,
    "bytea": _base64_text,
    "uuid": str,
}


@lru_cache(512)
def _loaders(names: tuple[str, ...], types: tuple[str, ...], *, for_model: bool) -> tuple[tuple[str, _Loader], ...]:
    """Return the columns whose values need one."""
    # Of columns with the same name, a dictionary has the last one.
    columns = dict(zip(names, types, strict=True))
    found = [(name, _loader(type_, for_model=for_model)) for name, type_ in columns.items()]
    return tuple([(name, load) for name, load in found if load is not None])


def _loader(type_: str, *, for_model: bool) -> _Loader | None:
    if for_model and type_ == "numeric":
        return None
    if type_.startswith("_"):
        element = _loader(type_[1:], for_model=for_model)
        return None if element is None else _list_loader(element)
    # Numbers and truth values are JSON's own; every other type comes as PostgreSQL's text.
    return _LOADERS.get(type_)


def _list_loader(element: _Loader) -> _Loader:
    def load(value: Any) -> object:
        # Arrays may have several dimensions.
        if isinstance(value, list):
            return [load(item) for item in cast("list[Any]", value)]
        return None if value is None else element(value)

    return load


def rows(result: RawRows, *, for_model: bool) -> list[dict[str, Any]]:
    """Return the rows as dictionaries by column name."""
    found = [dict(zip(result.names, row, strict=True)) for row in result.rows]
    for name, load in _loaders(result.names, result.types, for_model=for_model):
        for row in found:
            if (value := row[name]) is not None:
                row[name] = load(value)
    return found
