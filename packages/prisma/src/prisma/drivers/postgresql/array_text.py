"""Arrays as PostgreSQL writes them in text: `{a,"b c",NULL}`, in several dimensions `{{1,2},{3,4}}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TOKENS: Final = r'"((?:[^"\\]|\\.)*)"|([^{{}}{0}]+)|([{{}}])'
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL: Final = re.compile(r'(["\\])')


def array_reader(delimiter: str) -> Callable[[str], list[Any]]:
    """Return a function that reads arrays whose elements have this delimiter; NULL is None, all else is text."""
    tokens = re.compile(_TOKENS.format(re.escape(delimiter)), re.DOTALL)

    def read(text: str) -> list[Any]:
        # Bounds that do not begin at one stand before the elements: `[0:1]={a,b}`.
        text = text[text.index("{") :]
        if text == "{}":
            return []
        if '"' not in text and "{" not in text[1:]:
            return [_plain(item) for item in text[1:-1].split(delimiter)]
        # The list below is the one that holds the array.
        open_lists: list[list[Any]] = [[]]
        for quoted, plain, brace in tokens.findall(text):
            if brace == "{":
                inner: list[Any] = []
                open_lists[-1].append(inner)
                open_lists.append(inner)
            elif brace:
                open_lists.pop()
            else:
                open_lists[-1].append(_plain(plain) if plain else _ESCAPED.sub(r"\1", quoted))
        return open_lists[0][0]

    return read


def _plain(item: str) -> str | None:
    return None if item == "NULL" else item


def array_writer(delimiter: str) -> Callable[[object], str]:
    """Return a function that writes lists of texts, None or such lists; TypeError for anything else."""

    def write(value: object) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, str):
            return '"' + _SPECIAL.sub(r"\\\1", value) + '"'
        if isinstance(value, list | tuple):
            return f"{{{delimiter.join(map(write, cast('Iterable[object]', value)))}}}"
        raise TypeError(f"expected str, got {type(value).__name__}")

    return write
