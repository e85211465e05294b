"""The start of the service, step by step from a fresh checkout.

This module imports no generated code, because the client may not exist before the step that makes it.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.baseline.history import check_baseline
from app.config.check import Configuration, check_configuration
from app.config.settings import ROOT, Environment, Settings
from app.database.embedded import embedded_server
from app.errors import FatalError, fatal_from
from app.process.progress import Progress
from app.process.serving import serve
from app.telemetry.tracing import check_tracing
from prisma.errors import PrismaError
from prisma.generator import generate
from prisma.migrate import deploy

if TYPE_CHECKING:
    from collections.abc import Generator

SCHEMA = ROOT / "schema.prisma"
MIGRATIONS = ROOT / "migrations"
SEED = ROOT / "prisma_seed.py"
STEPS = 6


def start(settings: Settings, progress: Progress) -> None:
    """Prepare everything that is missing, then serve until a signal comes; `progress` gets each step.

    Raises:
        FatalError: a step failed.
    """
    configuration = check_configuration(settings)
    check_tracing(settings)
    progress.say(_line(1, "Environment", f"{settings.environment}, from {', '.join(settings.sources)}"))
    for warning in configuration.warnings:
        progress.warn(warning)
    # The port first: a second service must fail before it touches the database.
    with listening_socket(settings.host, settings.port) as listener, _database(settings, configuration, progress):
        _generate(progress)
        asyncio.run(_migrate(progress))
        _seed(settings, progress)
        serve(settings, listener, progress, _line(6, "Serving", ""))


def _line(number: int, title: str, text: str) -> str:
    return f"[{number}/{STEPS}] {title:<12} {text}"


@contextmanager
def listening_socket(host: str, port: int) -> Generator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except PermissionError as error:
        raise FatalError(f"This user may not open port {port}.", "Set PORT to a number above 1023.") from error
    except OSError as error:
        # Not always strerror: it would repeat the address here, and an unknown host has no errno.
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise FatalError(
            f"Port {port} of {host} can't be opened: {reason}.",
            "Stop the program that uses it, or set PORT to a free one, e.g. PORT=8001. HOST must be this machine's.",
        ) from error
    # Accepted sockets inherit it. asyncio sets it only on sockets with the protocol TCP, which `create_server` leaves
    # out; without it, every response on a kept-alive connection waits for a delayed ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


@contextmanager
def _database(settings: Settings, configuration: Configuration, progress: Progress) -> Generator[None]:
    """Put the URLs of the databases into the environment, for the next steps and the processes that they start."""
    if configuration.pooled is not None and configuration.direct is not None:
        progress.say(_line(2, "PostgreSQL", configuration.summary()))
        _export(configuration.pooled.text(), configuration.direct.text())
        yield
        return
    progress.say(_line(2, "PostgreSQL", f"starting the embedded server in {settings.data_folder}"))
    began = time.monotonic()
    with embedded_server(settings.data_folder) as url:
        progress.say(
            f"      ready after {time.monotonic() - began:.1f} s; for other tools: DATABASE_URL={url.redacted()}"
        )
        pooled = url if settings.pool_size is None else url.with_parameter("connection_limit", str(settings.pool_size))
        _export(pooled.text(), url.text())
        yield


def _export(pooled: str, direct: str) -> None:
    os.environ.update(DATABASE_URL=pooled, DIRECT_DATABASE_URL=direct)


def _generate(progress: Progress) -> None:
    began = time.monotonic()
    try:
        result = generate(SCHEMA, root=ROOT)
    except PrismaError as error:
        raise fatal_from(error) from error
    for warning in result.warnings:
        progress.warn(warning)
    # The import system of this process does not know the new files yet.
    importlib.invalidate_caches()
    done = f"generated in {time.monotonic() - began:.1f} s" if result.written else "up to date"
    progress.say(_line(3, "Client", done))


async def _migrate(progress: Progress) -> None:
    await check_baseline(MIGRATIONS, os.environ["DIRECT_DATABASE_URL"])
    try:
        done = await deploy(
            MIGRATIONS, os.environ["DIRECT_DATABASE_URL"], on_apply=lambda name: progress.say(f"      applying {name}")
        )
    except PrismaError as error:
        raise fatal_from(error, "DIRECT_DATABASE_URL (or DATABASE_URL)") from error
    for names, what in ((done.edited, "was edited after it was applied"), (done.missing, "is gone from migrations/")):
        for name in names:
            progress.warn(f"{name} {what}")
    progress.say(
        _line(4, "Migrations", f"{len(done.applied)} applied" if done.applied else f"all {len(done.found)} in force")
    )


def _seed(settings: Settings, progress: Progress) -> None:
    if settings.environment is Environment.PRODUCTION:
        progress.say(_line(5, "Seed", "none in production"))
        return
    progress.say(_line(5, "Seed", "example data, if the database is empty"))
    done = subprocess.run([sys.executable, str(SEED), "--if-empty"], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise FatalError("The database could not be seeded; the lines above have the reason.")
