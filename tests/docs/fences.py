"""The fenced blocks of a page of the documentation."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w+)?(?: +title=\"(?P<title>[^\"]+)\")?\s*$")
_NOT_RUN = re.compile(r"<!-- not run: .+ -->$")


@dataclass(frozen=True)
class Fence:
    """A block: `line` is where its source begins in the page (from 1), `output` what a text block behind it says.

    `runs` is false below a comment `<!-- not run: why -->`.
    """

    language: str | None
    title: str | None
    page: Path
    line: int
    source: str
    output: str | None
    runs: bool


def read_fences(page: Path) -> list[Fence]:
    """Return the blocks of a page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    marks = [(n, match) for n, line in enumerate(lines) if (match := _FENCE.match(line))]
    pairs = list(zip(marks[::2], marks[1::2], strict=True))
    fences: list[Fence] = []
    # From the last to the first, so that each knows what follows it.
    following: Fence | None = None
    for (start, opening), (end, _) in reversed(pairs):
        is_output = following is not None and following.language == "text" and following.title is None
        adjacent = is_output and following is not None and not "".join(lines[end + 1 : following.line - 2]).strip()
        following = Fence(
            opening["language"],
            opening["title"],
            page,
            start + 2,
            textwrap.dedent("\n".join(lines[start + 1 : end])),
            following.source if adjacent and following is not None else None,
            not (start and _NOT_RUN.search(lines[start - 1])),
        )
        fences.insert(0, following)
    return fences


def fits(shown: str, expected: str) -> bool:
    """Tell whether a text is as the documentation says; `...` stands for anything, and blanks do not count."""
    parts = (re.escape(" ".join(part.split())) for part in expected.strip().split("..."))
    pattern = r"\s*.*\s*".join(parts)
    return re.fullmatch(pattern, " ".join(shown.split()), re.DOTALL) is not None
