"""The applications that are compared, each served by uvicorn in a process of its own, with the same settings."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import psutil

from benchmarks.database import ROOT, Database
from benchmarks.workloads import CONNECTIONS
from servers import free_port

REFERENCE: Final = "guarded"
PEERS: Final = {
    REFERENCE: ("by hand, with the same guarantees", "benchmarks.peers.http_guarded:create_app"),
    "bare": ("by hand, without guarantees", "benchmarks.peers.http_bare:create_app"),
    "service": ("the service", "app.main:create_app"),
}
"""The peers' names for people, and their factories."""

START_TIMEOUT: Final = 60.0  # seconds


@dataclass(frozen=True)
class Server:
    """A peer that serves."""

    name: str
    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Return the seconds of CPU that the process has used."""
        times = self.process.cpu_times()
        return times.user + times.system


@asynccontextmanager
async def serving(name: str, database: Database) -> AsyncIterator[Server]:
    """Serve a peer as long as the block lasts. Nobody is spared by the limits, whatever their address."""
    port = free_port()
    settings = {
        "NODE_ENV": "test",
        "DATABASE_URL": database.url,
        "DIRECT_DATABASE_URL": database.url,
        "DATABASE_SOCKET": str(database.folder),
        "DATABASE_POOL_SIZE": str(CONNECTIONS),
        "RATE_LIMIT_WHITELIST": "none",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "--factory", PEERS[name][1], "--port", str(port), "--http", "h11",
        # A server waits until its turn comes again, and must keep its connections meanwhile.
        "--timeout-keep-alive", "3600",
        "--no-proxy-headers", "--no-access-log", "--log-level", "warning",
        cwd=ROOT, env={**os.environ, **settings},
    )  # fmt: skip
    try:
        await _wait(port, process)
        yield Server(name, port, psutil.Process(process.pid))
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _wait(port: int, process: asyncio.subprocess.Process) -> None:
    """Wait until the port takes connections: uvicorn opens it when the application is ready."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.returncode is None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("A peer did not start; its words are above.")
