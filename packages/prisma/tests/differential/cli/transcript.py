"""Transcripts: what each step of a case did, in a form without paths, times and names that are made anew every time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import ndiff
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from .cases import Case
from .steps import Step
from .twin import Twin

_HEADING: Final = "## "
# Facts of the run, and what the official command says about its own configuration.
_CHANGING: Final = (
    (re.compile(r"^(?:Loaded Prisma config from .*|Prisma config detected.*)\n", re.MULTILINE), ""),
    # Beside an adapter it does not know the place.
    (re.compile(r" using driver adapter .*$", re.MULTILINE), ' at "PLACE"'),
    # A stack trace of the engine.
    (re.compile(r"^ +(?:\d+: \w+::|with |at schema-engine/).*\n", re.MULTILINE), ""),
    (re.compile(r'(?<= at )"[^"\n]+"'), '"PLACE"'),
    (re.compile(r"(?<=[ /(`])\d{14}(?=_)"), "TIME"),
    (re.compile(r"^\d{14}(?=_)", re.MULTILINE), "TIME"),
    (re.compile(r"\b\d+(?:\.\d+)?m?s\b"), "DURATION"),
)


def record(case: Case, twin: Twin, steps: Iterable[Step]) -> dict[str, str]:
    """Run steps of a case, and return what each did, by its heading."""
    case.provide(twin.folder, case.schema)
    if not case.starts_from_sql:
        case.provide(twin.folder, case.edited)
    return {step.name: _outcome(step, case, twin) for step in steps}


def read(path: Path) -> dict[str, str]:
    """Read what `write` wrote."""
    parts = re.split(rf"^{_HEADING}(.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: body.rstrip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def write(path: Path, transcript: dict[str, str]) -> None:
    """Write a transcript as a text that is good to read."""
    path.write_text("".join(f"{_HEADING}{name}\n{body}\n\n" for name, body in transcript.items()), encoding="utf-8")


def _outcome(step: Step, case: Case, twin: Twin) -> str:
    if step.before:
        step.before(twin, case)
    files, tables = twin.files(), twin.tables() if step.database else []
    done = twin.run(_words(step, case, twin))
    parts = [f"$ prisma {step.command}", f"exit code {done.code}"]
    for name, text in (("out", done.out), ("err", done.err)):
        text = _steady(text, twin)
        text = text if step.exact and name == "out" else _lines(text)
        if text.strip():
            parts.append(f"-- {name}\n{text}")
    parts += [f"-- {_steady(path, twin)}\n{_steady(text, twin)}" for path, text in _changed(files, twin.files())]
    if step.database:
        changes = [line for line in ndiff(tables, twin.tables()) if line[0] in "+-"]
        parts.append("\n".join(["-- database", *changes]))
    return "\n".join(part.rstrip("\n") for part in parts)


def _changed(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    """Return the files that were written or removed, with their texts."""
    paths = sorted(path for path in before | after if before.get(path) != after.get(path))
    return [(path, after.get(path, "(removed)")) for path in paths]


def _words(step: Step, case: Case, twin: Twin) -> list[str]:
    folder = "schema/migrations" if case.schema == "schema" else "migrations"
    values = {"S": case.schema, "E": case.edited, "URL": twin.url, "MIGRATIONS": folder}
    return [values.get(word, word) for word in step.command.split()]


def _steady(text: str, twin: Twin) -> str:
    for changing, word in _CHANGING:
        text = changing.sub(word, text)
    return text.replace(urlsplit(twin.url).path[1:], "DATABASE").replace(str(twin.folder), "FOLDER")


def _lines(text: str) -> str:
    """Return the lines that hold something, without the space around them."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
