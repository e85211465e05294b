"""The types of raw SQL's placeholders, by the Python types of their values.

Without a declaration, the server infers a placeholder's type from the expression around it: int4 in `2147483647 + $1`,
text in `SELECT $1`. Types are names of `pg_catalog`, followed by `[]` for arrays; for "" the server infers the type.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from uuid import UUID

from prisma.drivers.postgresql.sql_tokens import Kind, UnreadableSql, read_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

Types: TypeAlias = tuple[str, ...]

MAX_KNOWN_CLASSES = 256  # Python classes of values

_MIN_INT8: Final = -(2**63)
_MAX_INT8: Final = 2**63 - 1
# The first that fits counts: a bool is an int, a datetime is a date.
_BY_CLASS: Final[dict[type, str]] = {
    bool: "bool", int: "int8", float: "float8", Decimal: "numeric", datetime: "timestamptz", date: "date",
    time: "time", timedelta: "interval", UUID: "uuid", bytes: "bytea", bytearray: "bytea", memoryview: "bytea",
    list: "[]",
}  # fmt: skip
# What the elements of one list may be together.
_TOGETHER: Final = {
    frozenset({"int8", "float8"}): "float8",
    frozenset({"int8", "numeric"}): "numeric",
    frozenset({"float8", "numeric"}): "numeric",
    frozenset({"int8", "float8", "numeric"}): "numeric",
}

# What a value may be as well, as a number that is written in SQL may.
_NARROWER: Final = {"int8": "int4", "float8": "numeric"}

# Python's integers have no limit, and a list is of any type.
_AMBIGUOUS: Final = frozenset({"int8", "[]"})

_FRACTIONS: Final = {"numeric", "float4", "float8"}
_NUMBERS: Final = {"int8", "oid", "xid", "cid", "xid8", "numeric", "float4"}
_JSON: Final = {"json", "jsonb"}
_INFERRED: Final[dict[str, frozenset[str]]] = {
    # Not float8, which the server prefers for `abs($1)`.
    "int8": frozenset(_NUMBERS | _JSON),
    "float8": frozenset(_FRACTIONS | _JSON),
    "numeric": frozenset(_FRACTIONS | _JSON),
    "bool": frozenset({"bool"} | _JSON),
    "timestamptz": frozenset({"timestamptz", "timestamp", "date", "time", "timetz"}),
    "date": frozenset({"date", "timestamp", "timestamptz"}),
    "time": frozenset({"time", "timetz"}),
    "interval": frozenset({"interval"}),
    "uuid": frozenset({"uuid"}),
    "bytea": frozenset({"bytea"}),
}
# JSON and the vectors of pgvector are lists for the server as well.
_FOR_LISTS: Final = frozenset(_JSON | {"vector", "halfvec", "sparsevec"})
_MOMENTS: Final = frozenset({"timestamptz", "date", "time"})
_TEXTS: Final = frozenset({"text", "varchar", "bpchar", "citext", "name"})


def declared_types(values: Sequence[object]) -> Types:
    """Return the types to declare for `values`; () where there is none."""
    types, ambiguous = _of_classes(tuple(map(type, values)))
    if ambiguous:
        found = list(types)
        for place in ambiguous:
            value: Any = values[place]
            # The usual integer needs no call.
            if types[place] != "int8" or not _MIN_INT8 <= value <= _MAX_INT8:
                found[place] = _type_of(value)
        types = tuple(found)
    return types if any(types) else ()


def is_better_inferred(declared: str, inferred: str) -> bool:
    """Tell whether a value of a declared type is at home in the type that the server infers.

    A float that is compared with a numeric column is a numeric there, exact to the last digit; a datetime for a
    timestamp without time zone is one in UTC, whatever the session's zone is.
    """
    if declared.endswith("[]"):
        home = _INFERRED[declared.removesuffix("[]")]
        return inferred in _FOR_LISTS or (inferred.startswith("_") and inferred[1:] in home)
    return inferred in _INFERRED[declared]


def narrower(declared: str) -> str:
    """Return the type that a value has where its declared type is taken nowhere: `date + 1`, `data -> 0`, `1.5 % 1`."""
    element = declared.removesuffix("[]")
    return declared.replace(element, _NARROWER.get(element, element), 1)


def is_text_as_well(declared: str, inferred: str, *, returns: bool) -> bool:
    """Tell whether a value's text, which differs from the server's, may be meant where the server infers a text.

    A date or time is written in ISO 8601 and a float with its point, both in the column that takes it and in a
    comparison with that column. A float of a statement that `returns` rows is a number: its text has another order.
    """
    element = declared.removesuffix("[]")
    return inferred.removeprefix("_") in _TEXTS and (element in _MOMENTS or (element == "float8" and not returns))


def with_types(sql: str, types: Types) -> str | None:
    """Return the SQL with its placeholders cast to `types`, which declares them; None if it can't be read.

    A placeholder takes the type of the first cast around it: the server knows no difference to a declaration.
    """
    if not any(types):
        return sql
    try:
        tokens = read_tokens(sql)
    except UnreadableSql:
        return None
    pieces: list[str] = []
    position = 0
    for token in tokens:
        if token.kind is Kind.PARAMETER and (type_ := _type_at(token.text, types)):
            pieces += sql[position : token.start], f"({token.text}::pg_catalog.{type_})"
            position = token.end
    return "".join(pieces) + sql[position:]


def column_name(name: str, types: Types, sql: str) -> str:
    """Return the name of a column without the casts: a bare placeholder is called like the type that it is cast to."""
    cast_to = {type_.removesuffix("[]") for type_ in types}
    return "?column?" if name in cast_to and name not in sql.lower() else name


def _type_at(placeholder: str, types: Types) -> str:
    number = int(placeholder[1:])
    return types[number - 1] if 1 <= number <= len(types) else ""


@lru_cache(MAX_KNOWN_CLASSES)
def _of_classes(classes: tuple[type[Any], ...]) -> tuple[Types, tuple[int, ...]]:
    """Return the types for values of these classes, and the places of those whose types depend on the values."""
    types = tuple([_of_class(each) for each in classes])
    return types, tuple([place for place, type_ in enumerate(types) if type_ in _AMBIGUOUS])


def _type_of(value: object) -> str:
    found = _of_class(type(value))
    if found == "int8":
        # Python's integers have no limit; the server's numeric holds those that int8 does not.
        return "int8" if _MIN_INT8 <= cast("int", value) <= _MAX_INT8 else "numeric"
    return _array_of(cast("Sequence[object]", value)) if found == "[]" else found


@lru_cache(MAX_KNOWN_CLASSES)
def _of_class(class_: type[Any]) -> str:
    return next((type_ for known, type_ in _BY_CLASS.items() if issubclass(class_, known)), "")


def _array_of(values: Sequence[object]) -> str:
    found = _of_elements(frozenset(map(type, values)))
    if found is None:
        found = _together(frozenset([_type_of(value).removesuffix("[]") for value in values if value is not None]))
    return found


@lru_cache(MAX_KNOWN_CLASSES)
def _of_elements(classes: frozenset[type[Any]]) -> str | None:
    """Return the type of an array with elements of these classes; None if it depends on their values."""
    found = frozenset([_of_class(class_) for class_ in classes if class_ is not type(None)])
    return _together(found) if found.isdisjoint(_AMBIGUOUS) else None


def _together(elements: frozenset[str]) -> str:
    element = next(iter(elements)) if len(elements) == 1 else _TOGETHER.get(elements, "")
    return f"{element}[]" if element else ""
