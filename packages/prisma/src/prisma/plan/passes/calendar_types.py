"""Dates and times of day: what a DATE or a TIME is compared with is one, too, and not a whole moment.

The request has a moment for either. PostgreSQL gives a parameter the type of its column; MySQL compares a DATE with a
moment as moments, so that only midnight is equal to it, and a TIME with a moment as nothing ever is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, cast

from prisma.plan.nodes import ArgType, Generator, Literal, Node, Statement, TupleArgType, Value
from prisma.plan.tree import map_statements

# The compiler's names of types → those of the functions.
_NAMES: Final = {"DATE": "date", "TIME": "time"}


def date_of(value: Any) -> Any:
    """Return the date of a moment in UTC, also of each in a list; other values as they are."""
    if isinstance(value, list):
        return [date_of(item) for item in cast("list[Any]", value)]
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value


def time_of(value: Any) -> Any:
    """Return the time of day of a moment in UTC, also of each in a list; other values as they are."""
    if isinstance(value, list):
        return [time_of(item) for item in cast("list[Any]", value)]
    return value.astimezone(UTC).time() if isinstance(value, datetime) else value


FUNCTIONS: Final[dict[str, Callable[[Any], Any]]] = {"date": date_of, "time": time_of}


def send_dates_and_times(plan: Node) -> Node:
    """Return the plan with dates and times of day as the values of such columns."""
    return map_statements(plan, _with_parts)


def _with_parts(statement: Statement) -> Statement:
    if all(_name(type_) is None for type_ in statement.arg_types):
        return statement
    args = tuple(_part(arg, _name(type_)) for arg, type_ in zip(statement.args, statement.arg_types, strict=True))
    return Statement(statement.fragments, args, statement.arg_types, statement.chunkable)


def _name(type_: ArgType | TupleArgType) -> str | None:
    return _NAMES.get(type_.db_type or "") if isinstance(type_, ArgType) else None


def _part(arg: Value, name: str | None) -> Value:
    if name is None:
        return arg
    if isinstance(arg, Literal):
        return Literal(FUNCTIONS[name](arg.value))
    # Known at run time only.
    return Generator(name, (arg,))
