"""Scaling: what a call costs with more rows, and with more models in the schema."""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import asyncpg

from benchmarks.database import Database

ROWS: Final = (1, 10, 100, 1000)
MODELS: Final = (12, 60, 300)

_SCHEMA: Final = """
datasource db {
  provider = "postgresql"
  url      = "postgresql://unused"
}
generator client {
  provider        = "prisma-client-py"
  output          = "./%s"
  previewFeatures = ["relationJoins"]
}
"""
# Each model has as many fields as a user, and a relation to the next.
_MODEL: Final = """
model M{number} {{
  id      String   @id @default(cuid())
  email   String   @unique
  name    String?
  avatar  String?
  count   Int      @default(0)
  isOpen  Boolean  @default(true)
  made    DateTime @default(now())
  changed DateTime @updatedAt
  nextId  String?
  next    M{next}?  @relation("r{number}", fields: [nextId], references: [id])
  before  M{before}[] @relation("r{before}")
}}
"""
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS "M0" (
    "id" text PRIMARY KEY, "email" text UNIQUE NOT NULL, "name" text, "avatar" text, "count" int NOT NULL DEFAULT 0,
    "isOpen" boolean NOT NULL DEFAULT true, "made" timestamp(3) NOT NULL DEFAULT now(),
    "changed" timestamp(3) NOT NULL, "nextId" text
);
INSERT INTO "M0" ("id", "email", "changed") VALUES ('one', 'one@example.com', now()) ON CONFLICT DO NOTHING;
"""


async def by_rows(database: Database, rounds: int) -> dict[str, float]:
    """Return microseconds of a find_many for each number of rows."""
    from prisma import Prisma

    async with Prisma(datasource={"url": database.url}, use_dotenv=False) as db:
        # What others wrote and removed is still there; the server would rather sort all of it than use an index.
        await db.execute_raw('VACUUM (FULL, ANALYZE) "users"')
        calls = {str(rows): _finding(db, rows) for rows in ROWS}
        return await _medians(calls, rounds)


async def by_models(database: Database, rounds: int) -> dict[str, dict[str, float]]:
    """Return, for schemas of so many models, microseconds of a find_unique and of a transaction with one."""
    admin = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
    await admin.execute(_TABLE)
    await admin.close()
    with tempfile.TemporaryDirectory(prefix="bench-models-") as place:
        clients = {models: _generated(Path(place), models) for models in MODELS}
        connected: dict[int, Any] = {}
        for models, package in clients.items():
            connected[models] = package.Prisma(datasource={"url": database.url}, use_dotenv=False)
            await connected[models].connect()
        unique = await _medians({str(models): _unique(db) for models, db in connected.items()}, rounds)
        inside = await _medians({str(models): _transaction(db) for models, db in connected.items()}, rounds)
        for db in connected.values():
            await db.disconnect()
    return {"find_unique": unique, "transaction": inside}


def _finding(db: Any, rows: int) -> Callable[[], Awaitable[Any]]:
    return lambda: db.user.find_many(take=rows, order={"id": "asc"})


def _unique(db: Any) -> Callable[[], Awaitable[Any]]:
    return lambda: db.m0.find_unique({"id": "one"})


def _transaction(db: Any) -> Callable[[], Awaitable[Any]]:
    async def run() -> Any:
        async with db.tx() as tx:
            return await tx.m0.find_unique({"id": "one"})

    return run


def _generated(place: Path, models: int) -> Any:
    from prisma.generator import generate

    name = f"models_{models}"
    written = [
        _MODEL.format(number=number, next=(number + 1) % models, before=(number - 1) % models)
        for number in range(models)
    ]
    schema = place / name / "schema.prisma"
    schema.parent.mkdir()
    schema.write_text(_SCHEMA % name + "".join(written), encoding="utf-8")
    generate(schema, root=schema.parent)
    sys.path.insert(0, str(schema.parent))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(schema.parent))


async def _medians(calls: dict[str, Callable[[], Awaitable[Any]]], rounds: int) -> dict[str, float]:
    """Let the calls take turns; each has warmed up before."""
    counts: dict[str, int] = {}
    for name, call in calls.items():
        await call()
        start = time.perf_counter()
        await call()
        counts[name] = max(1, round(0.02 / (time.perf_counter() - start)))
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            for _ in range(counts[name]):
                await call()
            times[name].append((time.perf_counter() - start) / counts[name] * 1e6)
    return {name: statistics.median(each) for name, each in times.items()}
