"""The service as a program of its own: `python -m app`, its lines and its end."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil

from servers import RunAs

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 20  # seconds
ANSWERS = "Health"  # how the line begins that says so

_SECONDS = re.compile(r"\d+\.\d s")


class Service:
    """A running service: its process, its lines up to the one waited for, with `N s` for times, and those after it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self.later: list[str] = []

    async def until(self, part: str) -> str:
        """Read lines up to the first with this part, and return that."""
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode().strip():
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
        async with asyncio.timeout(STOP_TIMEOUT):
            output, _ = await self.process.communicate()
        self.later += output.decode().splitlines()
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def running(
    environment: dict[str, str],
    *,
    command: Sequence[str] = (sys.executable, "-m", "app"),
    folder: Path = ROOT,
    owner: RunAs | None = None,
) -> AsyncGenerator[Service]:
    """Start the service and wait until it answers; it does not outlive the block."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **(owner or {})
    )
    try:
        service = Service(process)
        async with asyncio.timeout(START_TIMEOUT):
            await service.until(ANSWERS)
        yield service
    finally:
        if process.returncode is None:
            # Its workers would go on without it.
            for each in (*psutil.Process(process.pid).children(recursive=True), process):
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            await process.communicate()
