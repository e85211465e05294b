"""Reads the directive `@Python(name: "value")` in the comment of a model.

A comment is prose, not schema text, so `prisma.schema.text` has no use here.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NotRequired, TypedDict

_DIRECTIVE: Final = re.compile(r"(?<!\S)@Python\((?P<arguments>[^)]*)\)")
_ARGUMENT: Final = re.compile(r'\s*(?P<key>\w+)\s*:\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[\w.-]+))\s*')


class Arguments(TypedDict):
    """The arguments of a directive, by name."""

    arguments: dict[str, str]


class ParseResult(TypedDict):
    """The result of reading: a directive (`value`), one that can't be read (`error`), or none."""

    type: Literal["ok", "invalid", "not_applicable"]
    value: NotRequired[Arguments]
    error: NotRequired[str]


def parse_schema_dsl(text: str) -> ParseResult:
    """Read the directive in a comment.

    `@Python(a: b)` gives `{"type": "ok", "value": {"arguments": {"a": "b"}}}`. A comment without a directive, or with
    one that has no arguments, gives `not_applicable`; a directive that can't be read gives `invalid` with an `error`.
    """
    directives = [found["arguments"] for found in _DIRECTIVE.finditer(text) if found["arguments"].strip()]
    if not directives:
        return {"type": "not_applicable"}
    if len(directives) > 1:
        return {"type": "invalid", "error": "Encountered multiple `@Python` declarations"}
    arguments: dict[str, str] = {}
    for part in _split(directives[0]):
        argument = _ARGUMENT.fullmatch(part)
        if argument is None:
            return {"type": "invalid", "error": f"Expected `name: value`, found `{part.strip()}`"}
        arguments[argument["key"]] = argument["bare"] if argument["quoted"] is None else argument["quoted"]
    return {"type": "ok", "value": {"arguments": arguments}}


def without_directive(text: str) -> str:
    """Return a comment without its directive."""
    return _DIRECTIVE.sub("", text).strip("\n")


def _split(arguments: str) -> list[str]:
    """Split at commas outside of quotes."""
    return re.findall(r'(?:"[^"]*"|[^,"])+', arguments.strip().rstrip(","))
