"""Errors as the log shows them: without values of requests or rows.

PostgreSQL and its drivers repeat values in what they say: `Key (email)=(ann@example.com) already exists`. Of such an
error the log has the class and the facts that name something of the database. Tracebacks stay, and the texts of other
errors.
"""

from __future__ import annotations

import textwrap
import traceback
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import ValidationException
from pydantic import ValidationError

from prisma.errors import DataError
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The client's codes for connections and conflicts, beside P1…; their sentences hold no value of a statement.
_WITHOUT_VALUES = frozenset({"P2024", "P2034", "P2037"})
# The same for PostgreSQL: the classes of its SQLSTATEs for transactions, resources and operators, and missing rights.
_STATES_WITHOUT_VALUES = ("25", "40", "53", "55", "57", "42501")
_DRIVERS = frozenset({"asyncpg", "psycopg"})
# The names of PostgreSQL's facts in faults, which are never values.
_FACTS = ("sqlstate", "schema", "table", "column", "constraint", "type")

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


class Shown:
    """An error among the arguments of a message: its text and its representation are what the log may have."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __str__(self) -> str:
        return _summary(self._error) or str(self._error)

    def __repr__(self) -> str:
        summary = _summary(self._error)
        return repr(self._error) if summary is None else f"{type(self._error).__name__}({summary!r})"


def formatted(error: BaseException) -> str:
    """Return the tracebacks of an error and of those that led to it, as Python prints them."""
    links = list(_chain(error))
    parts: list[str] = []
    below = False
    for each, connection in links:
        parts.append(connection + _one(each, below=below))
        below = below or _is_of_database(each)
    # Python's order: what happened first.
    return "".join(reversed(parts)).rstrip()


def without_texts(message: str, error: BaseException) -> str:
    """Return a message without the texts of an error and of those that led to it, as far as they may hold values.

    asyncio writes the representation of a failed task into its message, and so that of the error.
    """
    below = False
    for each, _ in _chain(error):
        summary = _summary(each, below=below)
        below = below or _is_of_database(each)
        if summary is not None:
            for text in (repr(each), str(each)):
                message = message.replace(text, summary) if text else message
    return message


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    """Yield an error and those that led to it, each with what stands between it and the one that it led to."""
    seen: set[int] = set()
    each: BaseException | None = error
    connection = ""
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each, connection
        if each.__cause__ is not None:
            each, connection = each.__cause__, _CAUSE
        else:
            each, connection = None if each.__suppress_context__ else each.__context__, _CONTEXT


def _one(error: BaseException, *, below: bool) -> str:
    stack = traceback.format_tb(error.__traceback__)
    head = "Traceback (most recent call last):\n" if stack else ""
    summary = _summary(error, below=below)
    if summary is None:
        text = "".join(traceback.format_exception_only(error))
    else:
        text = f"{type(error).__module__}.{type(error).__qualname__}: {summary}\n"
    inner: Sequence[BaseException] = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    nested = "".join(textwrap.indent(formatted(each), "  | ") + "\n" for each in inner)
    return f"{head}{''.join(stack)}{text}{nested}"


def _summary(error: BaseException, *, below: bool = False) -> str | None:
    """Return what may be told of an error whose text may hold values; None for one that is told whole.

    `below` says that an error of the database came of it: codecs of the driver, say, quote what they can't encode.
    """
    if isinstance(error, DataError):
        return None if _is_told_whole(error) else _facts([error.code, *_facts_of(error.__cause__, error.meta)])
    if isinstance(error, ValidationError | ValidationException):
        return _facts(f"{'.'.join(map(str, fault['loc']))} ({fault['type']})" for fault in error.errors())
    if isinstance(error, DriverFault):
        return _facts([error.kind, *_facts_of(error)])
    if below or _is_of_database(error):
        return _facts([f"sqlstate {state}" if (state := getattr(error, "sqlstate", None)) else None])
    return None


def _is_told_whole(error: DataError) -> bool:
    code, state = str(error.code), str(_state(error.meta))
    return code.startswith("P1") or code in _WITHOUT_VALUES or state.startswith(_STATES_WITHOUT_VALUES)


def _is_of_database(error: BaseException) -> bool:
    return isinstance(error, DataError | DriverFault) or type(error).__module__.partition(".")[0] in _DRIVERS


def _facts_of(fault: BaseException | None, meta: Any = None) -> list[str]:
    fields = fault.fields if isinstance(fault, DriverFault) else {}
    model = meta.get("modelName") if isinstance(meta, dict) else None
    # A value that the driver refused has no SQLSTATE but the client's own.
    named = {"model": model, "sqlstate": _state(meta), **{name: fields[name] for name in _FACTS if name in fields}}
    return [f"{name} {value}" for name, value in named.items() if value]


def _state(meta: Any) -> object:
    return meta.get("code") if isinstance(meta, dict) else None


def _facts(facts: Any) -> str:
    return ", ".join(str(fact) for fact in facts if fact) or "(its text is not shown)"
