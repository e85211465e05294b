"""Corrects the messages of the schema module: they quote the schema as its author wrote it, without passwords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prisma.schema.errors import hide_passwords
from prisma.schema.urls import url_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARROW: Final = re.compile(r"^ +-->  (?P<path>.*):\d+$")
_EXCERPT: Final = re.compile(r"^(?P<number> *\d+) \| (?P<text>.*)$")


def restore_excerpts(message: str, files: Sequence[tuple[str, str]]) -> str:
    """Put blanked lines back into the excerpts of a message about `files`, and hide passwords."""
    originals = {
        (path, line.number): text.split("\n")[line.number - 1] for path, text in files for line in url_lines(text)
    }
    path = ""
    restored: list[str] = []
    for line in message.split("\n"):
        arrow, excerpt = _ARROW.match(line), _EXCERPT.match(line)
        if arrow:
            path = arrow["path"]
        if excerpt:
            original = originals.get((path, int(excerpt["number"])))
            line = line if original is None else f"{excerpt['number']} | {original.rstrip()}"
        restored.append(line)
    return hide_passwords("\n".join(restored))
