"""A run: a server, a proxy and a client for one driver; callers in bad weather; the comparison in the end."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks.storm._async.operations import OPERATIONS
from benchmarks.storm._sync.operations import OPERATIONS as SYNC_OPERATIONS
from benchmarks.storm.callers import Caller, call_in_tasks, call_in_threads
from benchmarks.storm.ledger import FINDINGS, Ledger
from benchmarks.storm.weather import DATABASE, Weather
from prisma.generator import generate
from servers.proxy import Proxy
from servers.tcp import TcpServer

SCHEMA: Final = Path(__file__).with_name("schema.prisma")
# What asks the generator for a driver.
DRIVERS: Final = {
    "asyncpg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio", "PRISMA_PY_CONFIG_DRIVER": "asyncpg"},
    "psycopg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio", "PRISMA_PY_CONFIG_DRIVER": "psycopg"},
    "threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
}
TABLES: Final = """
CREATE TABLE "Folder" (mark text PRIMARY KEY);
CREATE TABLE "Entry" (
    id serial PRIMARY KEY, mark text NOT NULL, text text NOT NULL, inside text REFERENCES "Folder" (mark)
);
CREATE INDEX "Entry_mark_idx" ON "Entry" (mark);
CREATE TABLE "Page" (id text PRIMARY KEY, marks text[]);
"""
# A line for each mark: how many rows carry it.
MARKS: Final = """
SELECT mark || ' ' || count(*) FROM (
    SELECT mark FROM "Folder" UNION ALL SELECT mark FROM "Entry" UNION ALL SELECT unnest(marks) FROM "Page"
) AS marks GROUP BY mark
"""
SESSIONS: Final = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
LIMITS: Final = {"connection_limit": "6", "pool_timeout": "2", "connect_timeout": "2", "socket_timeout": "4"}
PATIENCE: Final = 20.0  # seconds for callers to end, connections to come back, and sessions to end, after the storm


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run; `off` counts what must not be."""

    driver: str
    ledger: Ledger
    faults: Counter[str]
    off: Mapping[str, int]


def storm(driver: str, seconds: float, *, callers: int = 16, seed: int = 1) -> Report:
    """Run a storm over one driver."""
    server = TcpServer()
    try:
        server.start()
        server.run(f"CREATE DATABASE {DATABASE}")
        server.run(TABLES, database=DATABASE)
        proxy = Proxy(server.port)
        url = server.url(DATABASE, **LIMITS).replace(f":{server.port}/", f":{proxy.port}/")
        with _package(driver) as package:
            db = package.Prisma(datasource={"url": url}, use_dotenv=False)
            run = _Run(db, server, proxy, seconds, callers, seed)
            lent, stuck, ledger, faults = run.in_threads() if driver == "threads" else asyncio.run(run.in_tasks())
        proxy.close()
        found = ledger.compare(_marks(server))
    finally:
        server.destroy()
    others = {"wrong": len(ledger.wrong), "bare": len(ledger.bare), "late": len(ledger.late), "stuck": stuck}
    return Report(driver, ledger, faults, {**{name: found[name] for name in FINDINGS}, **others, "lent": lent})


class _Run:
    """A client in a storm. Both methods return connections lent, callers stuck, the ledger, and the faults."""

    def __init__(self, db: Any, server: TcpServer, proxy: Proxy, seconds: float, callers: int, seed: int) -> None:
        self._db = db
        self._weather = lambda: Weather(server, proxy, seed)
        self._seconds = seconds
        self._callers = callers
        self._seed = seed
        self._ledger = Ledger()
        # Each shape is compiled once before.
        self._first = Caller(db, self._ledger, -1, seed)

    async def in_tasks(self) -> tuple[int, int, Ledger, Counter[str]]:
        db, ledger = self._db, self._ledger
        await db.connect()
        for operation in OPERATIONS:
            attempt = self._first.attempt()
            await operation(db, attempt)
            self._first.succeeded(attempt, folder=False)
        weather, until = self._weather(), time.monotonic() + self._seconds
        calls = asyncio.create_task(call_in_tasks(db, ledger, self._callers, until, PATIENCE, self._seed))
        await asyncio.sleep(self._seconds)
        await asyncio.to_thread(weather.clear)
        stuck = await calls
        waited = time.monotonic() + PATIENCE
        while self._lent() and time.monotonic() < waited:  # noqa: ASYNC110 (the pool tells nobody)
            await asyncio.sleep(0.05)
        lent = self._lent()
        await db.disconnect(timeout=0)
        return lent, stuck, ledger, weather.faults

    def in_threads(self) -> tuple[int, int, Ledger, Counter[str]]:
        db, ledger = self._db, self._ledger
        db.connect()
        for operation in SYNC_OPERATIONS:
            attempt = self._first.attempt()
            operation(db, attempt)
            self._first.succeeded(attempt, folder=False)
        weather, until = self._weather(), time.monotonic() + self._seconds
        clearing = threading.Timer(self._seconds, weather.clear)
        clearing.start()
        stuck = call_in_threads(db, ledger, self._callers, until, PATIENCE, self._seed)
        clearing.join()
        waited = time.monotonic() + PATIENCE
        while self._lent() and time.monotonic() < waited:
            time.sleep(0.05)
        lent = self._lent()
        db.disconnect(timeout=0)
        return lent, stuck, ledger, weather.faults

    def _lent(self) -> int:
        return self._db._core.link.session.pool.stats.in_use  # pyright: ignore[reportPrivateUsage]


def _marks(server: TcpServer) -> dict[str, int]:
    """Return how many rows carry each mark, when no session is left that could still write."""
    until = time.monotonic() + PATIENCE
    while server.run(SESSIONS, database=DATABASE) != "0":
        if time.monotonic() > until:
            raise TimeoutError("Sessions of the storm don't end.")
        time.sleep(0.05)
    lines = server.run(MARKS, database=DATABASE).splitlines()
    return {mark: int(count) for mark, count in (line.split() for line in lines)}


@contextmanager
def _package(driver: str) -> Iterator[ModuleType]:
    """Generate the client for a driver and import it."""
    folder, name = Path(tempfile.mkdtemp(prefix="storm-")), f"storm_{driver}"
    text = SCHEMA.read_text(encoding="utf-8").replace("./client", f"./{name}")
    (folder / "schema.prisma").write_text(text, encoding="utf-8")
    generate(folder / "schema.prisma", root=folder, environment=DRIVERS[driver])
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        shutil.rmtree(folder, ignore_errors=True)
