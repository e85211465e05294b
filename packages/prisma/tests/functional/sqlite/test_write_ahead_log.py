"""The write-ahead log, which SQLite keeps beside the file: it goes with the last connection, however a program ends."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

import servers
from prisma.errors import PrismaError

# Long enough to be asked in several connections at once.
SLOW: Final = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT max(i) FROM n"
ENDLESS: Final = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
PROGRAM: Final = """
import asyncio, sys
folder, package, path, end = sys.argv[1:]
sys.path.insert(0, folder)

async def main():
    db = __import__(package).Prisma(datasource={"url": f"file:{path}"}, use_dotenv=False)
    await db.connect()
    await db.user.create({"email": "a"})
    tx = await db.tx().start()
    await tx.user.create({"email": "lost"})

loop = asyncio.new_event_loop()
loop.run_until_complete(main())
if end == "closed":
    loop.close()
"""


def beside(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


async def test_the_log_goes_with_the_last_connection(make_client: Callable[..., Any], path: Path) -> None:
    found: list[list[str]] = []
    for number in range(5):
        async with make_client() as db:
            await db.user.create({"email": str(number)})
            await asyncio.gather(*(db.query_raw(SLOW) for _ in range(5)))
            found.append(beside(path))
        found.append(beside(path))
    assert found == [["dev.db", "dev.db-shm", "dev.db-wal"], ["dev.db"]] * 5


async def test_the_log_goes_with_a_connection_that_is_given_up(make_client: Callable[..., Any], path: Path) -> None:
    found: list[list[str]] = []
    for number in range(5):
        async with make_client("?connection_limit=1") as db:
            await db.user.create({"email": str(number)})
            # What raw SQL has changed goes with its connection.
            await db.query_raw("PRAGMA foreign_keys = OFF")
        found.append(beside(path))
    assert found == [["dev.db"]] * 5


@pytest.mark.parametrize("interface", ["asyncio"], indirect=True)
@pytest.mark.parametrize("end", ["closed", "left"])
def test_a_program_that_does_not_disconnect(package: Any, path: Path, end: str) -> None:
    folder, name = Path(package.__file__).parents[1], package.__name__
    arguments = [sys.executable, "-c", PROGRAM, str(folder), name, str(path), end]
    ended = subprocess.run(arguments, capture_output=True, text=True, check=False)
    files = beside(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        stored = connection.execute("SELECT email FROM User").fetchall()
    assert (ended.returncode, ended.stderr, files, stored) == (0, "", ["dev.db"], [("a",)])


async def test_the_log_goes_with_a_connection_that_is_interrupted(make_client: Callable[..., Any], path: Path) -> None:
    db = make_client("?connection_limit=1")
    await db.connect()
    await db.user.create({"email": "a"})
    asking = asyncio.create_task(db.query_raw(ENDLESS))
    # Without a wait, it might not have begun; that would end alike.
    await asyncio.sleep(0.05)
    await db.disconnect(timeout=0)
    with pytest.raises(PrismaError):
        await asking
    async with asyncio.timeout(servers.PATIENCE):
        while len(beside(path)) > 1:  # noqa: ASYNC110 nobody tells us when
            await asyncio.sleep(0.01)
