"""Workers of the service, served by uvicorn alone, as in an image where everything else is done before."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from servers import PATIENCE, free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Service:
    """A running service."""

    address: str
    process: asyncio.subprocess.Process

    async def kill(self) -> None:
        """End it without a word (SIGKILL)."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def running(url: str, *, workers: int = 1, **environment: str) -> AsyncIterator[Service]:
    """Run the service on a database, and yield it once it answers; `environment` holds further settings."""
    port = free_port()
    settings = {"NODE_ENV": "test", "DATABASE_URL": url, "DIRECT_DATABASE_URL": url, **environment}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port),
        "--workers", str(workers), "--no-proxy-headers", "--log-level", "critical",
        cwd=ROOT, env={**os.environ, **settings}, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    service = Service(f"http://127.0.0.1:{port}", process)
    try:
        await _wait(service)
        yield service
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _wait(service: Service) -> None:
    deadline = time.monotonic() + PATIENCE
    async with httpx.AsyncClient(base_url=service.address) as http:
        while time.monotonic() < deadline and service.process.returncode is None:
            with suppress(httpx.TransportError):
                if (await http.get("/api/health")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.1)
    raise RuntimeError("The service did not start.")
