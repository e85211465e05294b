"""A project in a temporary folder, and the `prisma` command, run there as a user runs it."""

from __future__ import annotations

import codecs
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import pytest

from prisma.cli.terminal import CI_VARIABLES
from servers import PATIENCE
from servers.prepared import Done, PreparedPython, Program
from servers.prisma_command import PROGRAM

Process: TypeAlias = "subprocess.Popen[bytes] | Program"
SCHEMA = """\
datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_DATABASE_URL")
}

generator client {
  provider = "prisma-client-py"
  output   = "client"
}

model Author {
  id   Int    @id @default(autoincrement())
  name String
}
"""
# Variables of the machine that tests must not see.
UNWANTED = ("DATABASE_URL", "DIRECT_DATABASE_URL", "SHADOW_DATABASE_URL", "CHECKPOINT_DISABLE", "NODE_OPTIONS")

# The part of a shell: the terminal becomes that of a session, so that Ctrl-C reaches the command and its children.
LOGIN = "import os, sys; os.login_tty(os.dup(0)); os.execvp(sys.argv[1], sys.argv[1:])"

# Says on its last line what a command did.
COUNTED = """\
import json, sys
from prisma.drivers.postgresql.schema_engine import connection
databases, dial = [], connection._dial
connection._dial = lambda options: databases.append(options.database) or dial(options)
from prisma.cli.main import run
print(json.dumps([run(), databases, "asyncpg" in sys.modules]))
"""


class Terminal:
    """A command on a terminal of its own, and the person in front of it.

    Attributes:
        shown: everything that the command wrote, and the echo of the answers.
    """

    def __init__(self, start: Callable[[int], Process]) -> None:
        self._ours, theirs = pty.openpty()
        self._seen = 0
        self.shown = ""
        self._decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)
        self.process = start(theirs)
        os.close(theirs)

    def expect(self, words: str) -> None:
        """Wait until the command has written these words, after those that were expected before."""
        while (position := self.shown.find(words, self._seen)) < 0:
            assert self._more(), f"The command ended without {words!r}: {self.shown}"
        self._seen = position + len(words)

    def type(self, text: str) -> None:
        """Type when the command waits for it.

        Python loses a Ctrl-C that comes between the question and the waiting for its answer.
        """
        status = Path(f"/proc/{self.process.pid}/stat")
        # The letter after the name, which is in parentheses: S for a process that waits.
        while status.exists() and status.read_text().rpartition(")")[2].split()[0] not in "SZX":
            time.sleep(0.01)
        os.write(self._ours, text.encode())

    def end(self) -> int:
        """Wait until the command ends, and return its exit code."""
        while self._more():
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE)
        assert ready, f"Nothing came for {PATIENCE} seconds after: {self.shown}"
        try:
            chunk = os.read(self._ours, 4096)
        except OSError:  # Linux ends the conversation so once the other side is closed.
            return False
        self.shown += self._decoder.decode(chunk)
        return bool(chunk)


@dataclass
class Project:
    """A folder with a schema, and the environment that commands run in.

    `run` and `on_terminal` fork a process that has imported the command: most of the time that it takes as a program of
    its own is that of imports. `start` and `command` are for tests of the program.
    """

    folder: Path
    prisma: PreparedPython
    environment: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def use(self, url: str) -> None:
        self.environment["DATABASE_URL"] = url

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "prisma", *words]

    def full_environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
        return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1", **self.environment, **(more or {})}

    def run(self, *words: str, stdin: str = "", more: Mapping[str, str] | None = None) -> Done:
        return self.prisma.run(PROGRAM, words, self.folder, self.full_environment(more), stdin)

    @contextmanager
    def on_terminal(
        self, *words: str, command: Sequence[str] = (), more: Mapping[str, str] | None = None
    ) -> Generator[Terminal]:
        """Run `prisma`, or another command, on a terminal, where nothing says that a service runs it."""
        environment = {
            name: value
            for name, value in self.full_environment({"TERM": "xterm", **(more or {})}).items()
            if name not in CI_VARIABLES or name in (more or {})
        }

        def start(side: int) -> Process:
            streams = (side, side, side)
            if not command:
                return self.prisma.start(PROGRAM, words, self.folder, environment, streams, terminal=True)
            login = [sys.executable, "-c", LOGIN, *command]
            return subprocess.Popen(login, cwd=self.folder, env=environment, stdin=side, stdout=side, stderr=side)

        terminal = Terminal(start)
        try:
            yield terminal
        finally:
            terminal.close()

    def connections(self, *words: str) -> tuple[int, list[str], bool]:
        """Run `prisma` and return its exit code, the databases that it connected to, and whether it loaded asyncpg."""
        done = self.start([sys.executable, "-c", COUNTED, *words])
        code, databases, is_loaded = json.loads(done.out.splitlines()[-1])
        return code, databases, is_loaded

    def start(self, command: Sequence[str], more: Mapping[str, str] | None = None) -> Done:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.full_environment(more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def project(tmp_path: Path, prepared_prisma: PreparedPython) -> Project:
    """A project with a small schema and no database yet."""
    project = Project(tmp_path, prepared_prisma)
    project.write("schema.prisma", SCHEMA)
    return project


@pytest.fixture
def query() -> Callable[..., Awaitable[list[Any]]]:
    """Run SQL on the database of a URL and return the first column."""

    async def fetch(url: str, sql: str) -> list[Any]:
        parts = urlsplit(url)
        folder = parse_qs(parts.query)["host"][0]
        connection = await asyncpg.connect(
            user=parts.username, host=folder, database=unquote(parts.path.removeprefix("/"))
        )
        try:
            return [row[0] for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return fetch
