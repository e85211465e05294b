"""A project with a database of its own, in which one of the two command lines runs."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from prisma.cli.main import run

from .official import Official
from .snapshot import snapshot

# The only variables of the machine that commands see.
KEPT: Final = ("HOME", "PATH", "PRISMA_CACHE_DIR", "TMPDIR", "XDG_CACHE_HOME")


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


class Twin:
    """A project's folder, its database, and the command line that works on them.

    That is the official one; ours for the commands that `ours` names, such as `db pull`.
    """

    def __init__(self, folder: Path, url: str, shadow_url: str, official: Official, ours: Collection[str] = ()) -> None:
        self.folder = folder
        self.url = url
        self._official = official
        self._ours = ours
        self._environment = {
            "DATABASE_URL": url,
            "DIRECT_DATABASE_URL": url,
            "SHADOW_DATABASE_URL": shadow_url,
            "NO_COLOR": "1",
            "CI": "true",
            "PYTHONUTF8": "1",
        }

    def run(self, words: Sequence[str]) -> Done:
        """Run a command. Ours run in this process, as a process of their own would take longer than they."""
        if " ".join(words[:2]) not in self._ours:
            return Done(*self._official.run(words, self.folder, self._environment))
        with chdir(self.folder), _environment(self._environment), _captured() as read:
            code = run(words)
            sys.stdout.flush()
            sys.stderr.flush()
            return Done(code, *read())

    def execute(self, sql: str) -> None:
        """Run SQL in the database."""
        if sql.strip():
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(sql.encode())

    def empty(self) -> None:
        """Remove everything from the database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            schemas = connection.execute(
                "SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace"
                " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            )
            for (drop,) in schemas.fetchall():
                connection.execute(drop)
            connection.execute("CREATE SCHEMA public")

    def tables(self) -> list[str]:
        """Describe what is in the database."""
        with psycopg.connect(self.url) as connection:
            return snapshot(connection)

    def files(self) -> dict[str, str]:
        """Return the texts of the project's files by their paths."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@contextmanager
def _environment(more: Mapping[str, str]) -> Any:
    before = dict(os.environ)
    os.environ.clear()
    os.environ |= {name: before[name] for name in KEPT if name in before} | dict(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


@contextmanager
def _captured() -> Any:
    """Catch what this process and its children write, and yield the function that returns it."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        read: Callable[[], list[str]] = lambda: [_text(each) for each in (out, err)]  # noqa: E731
        streams = sys.stdout, sys.stderr
        kept = os.dup(1), os.dup(2)
        for number, file in ((1, out), (2, err)):
            os.dup2(file.fileno(), number)
        try:
            # Not pytest's, which write elsewhere.
            with (
                open(1, "w", encoding="utf-8", closefd=False) as one,
                open(2, "w", encoding="utf-8", closefd=False) as two,
            ):
                sys.stdout, sys.stderr = one, two
                yield read
        finally:
            sys.stdout, sys.stderr = streams
            for number, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, number)
                os.close(copy)


def _text(file: Any) -> str:
    file.seek(0)
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", file.read().decode())
