"""The tutorials, followed step by step in an empty folder, with what the commands print.

Blocks with a title are files, `sh` blocks commands. A server runs from its block, which has the title `server`, to the
end. Commands run on a terminal, as the reader's do. Those of Python are forked from a process that has imported
Prisma's own.
"""

from __future__ import annotations

import codecs
import os
import pty
import re
import shlex
import signal
import socket
import subprocess
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prisma.cli.terminal import CI_VARIABLES
from servers.prisma_command import PROGRAM
from tests.docs.fences import Fence, fits, read_fences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conftest import Server
    from servers.prepared import PreparedPython, Program

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "tutorials"
PYTHON_PROGRAMS = {"prisma": PROGRAM, "pytest": "pytest:main", "uvicorn": "uvicorn:main"}
SERVER = "server"
SERVER_LISTENS = "Uvicorn running on"
PORT = "8000"
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda page: page.stem)
def test_leads_where_it_says(page: Path, tmp_path: Path, server: Server, prepared_prisma: PreparedPython) -> None:
    name = f"tutorial_{uuid.uuid4().hex[:12]}"
    environment = {
        **{name: value for name, value in os.environ.items() if name not in CI_VARIABLES},
        "DATABASE_URL": server.url(name),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "TERM": "xterm",
    }
    reader = _Reader(tmp_path, prepared_prisma, environment, str(_free_port()))
    try:
        reader.follow(read_fences(page))
    finally:
        server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@dataclass
class _Reader:
    """Who follows a tutorial in a folder."""

    folder: Path
    prepared: PreparedPython
    environment: Mapping[str, str]
    port: str
    servers: list[_Command] = field(default_factory=list["_Command"])

    def follow(self, fences: Sequence[Fence]) -> None:
        try:
            for fence in fences:
                if fence.runs:
                    self._do(fence)
        finally:
            for server in self.servers:
                server.stop()

    def _do(self, fence: Fence) -> None:
        if fence.language == "sh":
            shown = "".join(self._run(line, is_server=fence.title == SERVER) for line in fence.source.splitlines())
            if fence.output is not None:
                assert fits(shown, fence.output), f"{fence.page.name}:{fence.line} prints:\n{shown}"
        elif fence.title:
            file = self.folder / fence.title
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"{fence.source}\n", encoding="utf-8")

    def _run(self, line: str, *, is_server: bool) -> str:
        command = _Command(self, shlex.split(line.replace(PORT, self.port)))
        if is_server:
            self.servers.append(command)
            shown = command.read_until(SERVER_LISTENS)
            assert SERVER_LISTENS in shown, f"`{line}` ends:\n{shown}"
            return shown
        shown = command.read_until(None)
        assert command.stop() == 0, f"`{line}` fails:\n{shown}"
        return shown


class _Command:
    """A command on a terminal of its own."""

    def __init__(self, reader: _Reader, words: Sequence[str]) -> None:
        self._terminal, side = pty.openpty()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._process = self._started(reader, words, side)
        os.close(side)

    @staticmethod
    def _started(reader: _Reader, words: Sequence[str], side: int) -> Program | subprocess.Popen[bytes]:
        if program := PYTHON_PROGRAMS.get(words[0]):
            environment, streams = reader.environment, (side, side, side)
            return reader.prepared.start(program, words[1:], reader.folder, environment, streams, terminal=True)
        return subprocess.Popen(
            words,
            cwd=reader.folder,
            env=reader.environment,
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )

    def read_until(self, words: str | None) -> str:
        """Return what it writes until it has written these words, or to its end."""
        shown = ""
        # Linux says so when the other side of a terminal is closed.
        with suppress(OSError):
            while (words is None or words not in shown) and (chunk := os.read(self._terminal, 4096)):
                shown += self._decoder.decode(chunk)
        return _COLOUR.sub("", shown)

    def stop(self) -> int:
        """End it, if it has not ended, and return its exit code."""
        with suppress(ProcessLookupError):
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(60)
        os.close(self._terminal)
        return code


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
