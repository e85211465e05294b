"""`python -m benchmarks.joins`: related records by a join, by queries, and by what the client chooses.

Each call runs with both strategies and with none; the three take turns, and its answers must be equal. The figures are
medians of the rounds' ratios to queries: below 1, a join is faster. What is chosen must never be slower than queries.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.database import Database, prepared
from prisma.generator import generate

STRATEGIES: Final = ("query", "join", None)

_SCHEMA: Final = """
datasource db {
  provider = "postgresql"
  url      = "postgresql://unused"
}

generator client {
  provider = "prisma-client-py"
  output   = "./joins_client"
}

model Writer {
  id    Int     @id
  name  String
  city  String?
  works Work[]
  bare  Bare[]
}

model Work {
  id       Int      @id
  title    String
  pages    Int
  made     DateTime @default(now())
  writerId Int
  writer   Writer   @relation(fields: [writerId], references: [id])
  notes    Note[]

  @@index([writerId])
}

model Note {
  id     Int     @id
  text   String
  mark   Int
  workId Int
  work   Work    @relation(fields: [workId], references: [id])
  lines  Line[]

  @@index([workId, id])
}

model Line {
  id     Int    @id
  text   String
  noteId Int
  note   Note   @relation(fields: [noteId], references: [id])

  @@index([noteId])
}

model Bare {
  id       Int    @id
  text     String
  writerId Int
  writer   Writer @relation(fields: [writerId], references: [id])
}
"""
# Writer 0 has 10,000 works; writers 1 to 1,000 have 50 each. Every work of theirs has two notes, every note two lines.
_TABLES: Final = """
CREATE TABLE "Writer" ("id" int PRIMARY KEY, "name" text NOT NULL, "city" text);
CREATE TABLE "Work" ("id" int PRIMARY KEY, "title" text NOT NULL, "pages" int NOT NULL,
                     "made" timestamp(3) NOT NULL DEFAULT now(), "writerId" int NOT NULL REFERENCES "Writer");
CREATE TABLE "Note" ("id" int PRIMARY KEY, "text" text NOT NULL, "mark" int NOT NULL,
                     "workId" int NOT NULL REFERENCES "Work");
CREATE TABLE "Line" ("id" int PRIMARY KEY, "text" text NOT NULL, "noteId" int NOT NULL REFERENCES "Note");
CREATE TABLE "Bare" ("id" int PRIMARY KEY, "text" text NOT NULL, "writerId" int NOT NULL REFERENCES "Writer");
INSERT INTO "Writer" SELECT i, 'Writer ' || i, CASE WHEN i % 3 > 0 THEN 'Oslo' END FROM generate_series(0, 1000) i;
INSERT INTO "Work" SELECT i, 'Work ' || i, i % 900, now(), 0 FROM generate_series(0, 9999) i;
INSERT INTO "Work" SELECT 10000 + i, 'Work ' || i, i % 900, now(), 1 + i % 1000 FROM generate_series(0, 49999) i;
INSERT INTO "Note" SELECT i, 'Note ' || i, i % 5, 10000 + i / 2 FROM generate_series(0, 99999) i;
INSERT INTO "Line" SELECT i, 'Line ' || i, i / 2 FROM generate_series(0, 199999) i;
INSERT INTO "Bare" SELECT i, 'Bare ' || i, 1 + i % 1000 FROM generate_series(0, 4999) i;
CREATE INDEX ON "Work" ("writerId");
CREATE INDEX ON "Note" ("workId", "id");
CREATE INDEX ON "Line" ("noteId");
VACUUM ANALYZE;
"""
_IN_ORDER: Final = {"order_by": {"id": "asc"}}
_WORKS: Final = {"works": _IN_ORDER}
_NOTES: Final = {"works": {**_IN_ORDER, "include": {"notes": _IN_ORDER}}}
_LINES: Final = {"works": {**_IN_ORDER, "include": {"notes": {**_IN_ORDER, "include": {"lines": _IN_ORDER}}}}}
_FEW: Final = {"where": {"id": {"gte": 1}}, "order": {"id": "asc"}, "take": 20}
_ALL: Final = {"where": {"id": {"gte": 1}}, "order": {"id": "asc"}}

# Model, method and arguments of each call.
CALLS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "1 record, 2 relations": (
        "work",
        "find_unique",
        {"where": {"id": 10001}, "include": {"writer": True, "notes": True}},
    ),
    "1 record, 3 levels": ("writer", "find_unique", {"where": {"id": 1}, "include": _NOTES}),
    "1 record, 4 levels": ("writer", "find_unique", {"where": {"id": 1}, "include": _LINES}),
    "1 x 10,000": ("writer", "find_unique", {"where": {"id": 0}, "include": _WORKS}),
    "20 x 50": ("writer", "find_many", {**_FEW, "include": _WORKS}),
    "20 x take 3 of 50": ("writer", "find_many", {**_FEW, "include": {"works": {**_IN_ORDER, "take": 3}}}),
    "1,000 x 50": ("writer", "find_many", {**_ALL, "include": _WORKS}),
    "10,000 with a single": (
        "work",
        "find_many",
        {"take": 10_000, "order": {"id": "asc"}, "include": {"writer": True}},
    ),
    "10,000 with 2 singles": (
        "note",
        "find_many",
        {"take": 10_000, "order": {"id": "asc"}, "include": {"work": {"include": {"writer": True}}}},
    ),
    "20 x 50 x 2": ("writer", "find_many", {**_FEW, "include": _NOTES}),
    "200 x 50 x 2": ("writer", "find_many", {**_FEW, "take": 200, "include": _NOTES}),
    "1,000 x 50 x 2": ("writer", "find_many", {**_ALL, "include": _NOTES}),
    "20 x 50 x 2 x 2": ("writer", "find_many", {**_FEW, "include": _LINES}),
    "20 x count": ("writer", "find_many", {**_FEW, "include": {"_count": {"select": {"works": True}}}}),
    "1,000 x count": ("writer", "find_many", {**_ALL, "include": {"_count": {"select": {"works": True}}}}),
    "20 x 50, and count": (
        "writer",
        "find_many",
        {**_FEW, "include": {**_WORKS, "_count": {"select": {"works": True}}}},
    ),
    "50,000 x count": ("work", "find_many", {**_ALL, "include": {"_count": True}}),
    "20 x take 1 of 2": (
        "work",
        "find_many",
        {**_FEW, "where": {"id": {"gte": 20000}}, "include": {"notes": {**_IN_ORDER, "take": 1}}},
    ),
    "20 x take 3, no order": ("writer", "find_many", {**_FEW, "include": {"works": {"take": 3}}}),
    "20 x 5, no index": ("writer", "find_many", {**_FEW, "include": {"bare": _IN_ORDER}}),
    "1,000 x 5, no index": ("writer", "find_many", {**_ALL, "include": {"bare": _IN_ORDER}}),
    "1 x 5, no index": ("writer", "find_unique", {"where": {"id": 1}, "include": {"bare": _IN_ORDER}}),
}


async def measure(database: Database, rounds: int, wanted: str) -> None:
    """Print the ratios of each call whose name has the `wanted` words."""
    with tempfile.TemporaryDirectory(prefix="bench-joins-") as place:
        schema = Path(place) / "schema.prisma"
        schema.write_text(_SCHEMA, encoding="utf-8")
        generate(schema, root=schema.parent)
        sys.path.insert(0, place)
        package = importlib.import_module("joins_client")
        async with package.Prisma(datasource={"url": database.url}, use_dotenv=False) as db:
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    await db.execute_raw(statement)
            print(f"{'':24}{'query, ms':>10}{'join':>8}{'chosen':>8}")
            for name, (model, method, arguments) in CALLS.items():
                if wanted in name:
                    calls = [_call(getattr(db, model), method, arguments, strategy) for strategy in STRATEGIES]
                    query, join, chosen = await _ratios(calls, rounds)
                    print(f"{name:24}{query * 1e3:10.2f}{join:8.2f}{chosen:8.2f}", flush=True)


def _call(actions: Any, method: str, arguments: dict[str, Any], strategy: str | None) -> Callable[[], Awaitable[Any]]:
    return lambda: getattr(actions, method)(**arguments, relation_load_strategy=strategy)


async def _ratios(calls: list[Callable[[], Awaitable[Any]]], rounds: int) -> tuple[float, float, float]:
    """Return the seconds of the first call, and the ratios of the others to it."""
    answers = [await call() for call in calls]
    if answers[0] != answers[1] or answers[0] != answers[2]:
        raise AssertionError("the strategies give different answers")
    del answers
    for call in calls:
        await call()
    start = time.perf_counter()
    await calls[0]()
    count = max(1, round(0.02 / (time.perf_counter() - start)))
    times: list[list[float]] = []
    for _ in range(rounds):
        times.append([])
        for call in calls:
            gc.collect()
            start = time.perf_counter()
            for _ in range(count):
                await call()
            times[-1].append((time.perf_counter() - start) / count)
    query = statistics.median(first for first, _, _ in times)
    join = statistics.median(second / first for first, second, _ in times)
    chosen = statistics.median(third / first for first, _, third in times)
    return query, join, chosen


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.joins", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="words in the names of calls")
    options = parser.parse_args()
    with prepared(users=10) as database:
        asyncio.run(measure(database, options.rounds, options.only))


if __name__ == "__main__":
    main()
