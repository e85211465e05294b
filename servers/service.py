"""The service as a program of its own: `python -m app`, its lines and its end."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import psutil

from servers import PATIENCE, RunAs
from servers.prepared import PreparedPython, Program
from servers.service_command import RUN_MODULE

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = "Health"  # how the line begins that says so

_SECONDS = re.compile(r"\d+\.\d s")


Process: TypeAlias = "subprocess.Popen[bytes] | Program"


class Service:
    """A running service: its process, its lines up to the one waited for, with `N s` for times, and those after it."""

    def __init__(self, process: Process, output: asyncio.StreamReader) -> None:
        self.process = process
        self.lines: list[str] = []
        self.later: list[str] = []
        self._output = output

    async def until(self, part: str) -> str:
        """Read lines up to the first with this part, and return that."""
        while line := (await self._output.readline()).decode().strip():
            self.lines.append(_SECONDS.sub("N s", line))
            if part in line:
                return line
        raise AssertionError(self.lines)

    async def stop(self, number: int) -> int:
        """Send a signal, wait for the end and return the exit code."""
        self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for the end and return the exit code."""
        async with asyncio.timeout(PATIENCE):
            self.later += (await self._output.read()).decode().splitlines()
        return await asyncio.to_thread(self.process.wait, PATIENCE)


@asynccontextmanager
async def running(
    environment: dict[str, str],
    *,
    prepared: PreparedPython | None = None,
    command: Sequence[str] = (sys.executable, "-m", "app"),
    folder: Path = ROOT,
    owner: RunAs | None = None,
) -> AsyncGenerator[Service]:
    """Start the service and wait until it answers; it does not outlive the block.

    Args:
        environment: all its variables.
        prepared: the process that becomes the service; without it, `command` starts a new one.
        command: the program and its arguments.
        folder: where it runs.
        owner: the user that it runs as.
    """
    ours, theirs = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb")
    )
    try:
        process = _started(environment, prepared, command, folder, owner, theirs)
    finally:
        os.close(theirs)
    try:
        service = Service(process, reader)
        async with asyncio.timeout(PATIENCE):
            await service.until(ANSWERS)
        yield service
    finally:
        if process.poll() is None:
            # Its workers would go on without it.
            for each in (*psutil.Process(process.pid).children(recursive=True), process):
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            process.wait()
        transport.close()


def _started(
    environment: dict[str, str],
    prepared: PreparedPython | None,
    command: Sequence[str],
    folder: Path,
    owner: RunAs | None,
    output: int,
) -> Process:
    with Path(os.devnull).open() as nothing:
        if prepared is not None:
            streams = (nothing.fileno(), output, output)
            return prepared.start(RUN_MODULE, ["app"], folder, environment, streams)
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdin=nothing, stdout=output, stderr=output, **(owner or {})
        )
