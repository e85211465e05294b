"""Call sites: the long form of an error's message, which shows the call with the mistake marked."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from prisma.client.explain.paths import dotted
from prisma.client.options import ErrorFormat
from prisma.client.request.call import Call
from prisma.client.request.names import OPERATIONS
from prisma.client.request.skip import without_skipped
from prisma.errors import DataError
from prisma.frozen import Frozen

_NAMES: Final = {**OPERATIONS, "groupBy": "group_by"}
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


class CallSites(Frozen):
    """How the errors of a client show the call that they are about.

    Attributes:
        format: `pretty` has colours.
        package: the generated client's, whose own calls are not the program's.
        attributes: the client's attributes by the schema's names of the models.
    """

    format: ErrorFormat
    package: str
    attributes: Mapping[str, str]

    def explain(self, error: DataError, call: Call) -> None:
        """Put the call before the sentence of an error: its place, and its arguments with the mistake underlined.

        Values are shown as their types: a message must not tell them.
        """
        given = {name: value for name, value in without_skipped(call.arguments).items() if value is not None}
        meta: Mapping[str, Any] = error.meta or {}
        is_coloured = self.format == "pretty" and not os.environ.get("NO_COLOR")
        red, plain = (_RED, _PLAIN) if is_coloured else ("", "")
        place = _caller(self.package)
        method = f"db.{self.attributes.get(call.model, call.model)}.{_NAMES.get(call.action, call.action)}()"
        head = f"Invalid `{method}` invocation{f' in {place}' if place else ''}:"
        path = str(meta.get("path") or "")
        lines = "\n".join(_mapping(given, (), path, red, plain)) if path else ""
        error.args = ("\n\n".join(part for part in (head, lines, str(error)) if part),)


def _caller(package: str) -> str | None:
    """Return `file:line` of the program's call; None if the call is a task by itself."""
    frame = inspect.currentframe()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        # The frames of a task end in the event loop; its creator is not on the stack.
        if module.startswith(("asyncio.", "concurrent.", "threading")):
            return None
        if not module.startswith(("prisma.", f"{package}.")):
            return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def _mapping(members: Mapping[str, Any], base: tuple[str | int, ...], path: str, red: str, plain: str) -> Iterator[str]:
    indent = "  " * (len([step for step in base if isinstance(step, str)]) + 1)
    yield "{"
    for name, value in members.items():
        here = (*base, name)
        is_it = dotted(here) == path
        key = f"{red}{name}{plain}" if is_it else name
        first, *rest = _value(value, here, path, red, plain)
        yield f"{indent}{key}: {first}"
        yield from rest
        if is_it:
            yield f"{indent}{red}{'~' * len(name)}{plain}"
    *_, last = path.split(".")
    if path == dotted((*base, last)) and last not in members:
        yield f"{red}{indent}{last}: ?{plain}"
        yield f"{indent}{red}{'~' * len(last)}{plain}"
    yield f"{indent[2:]}}}"


def _value(value: Any, here: tuple[str | int, ...], path: str, red: str, plain: str) -> list[str]:
    if isinstance(value, Mapping):
        return list(_mapping(cast("Mapping[str, Any]", value), here, path, red, plain))
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        place = dotted(here)
        for position, item in enumerate(items):
            # Of a list only the element with the mistake matters.
            if path.startswith(f"{place}[{position}]") and isinstance(item, Mapping):
                first, *rest = _value(item, (*here, position), path, red, plain)
                return [f"[{position}] = {first}", *rest]
        return [f"list of {len(items)}"]
    return [value if isinstance(value, str) and here[-1] in _WORDS else type(value).__name__]


_WORDS: Final = frozenset({"mode", "sort", "nulls"})
