"""What happens to a file while programs use it: each has one sentence, with its code."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from prisma.errors import PrismaError

FULL = (
    "Database error. Code: `SQLITE_FULL`. Message: `database or disk is full: "
    "the disk is full, or the file may not grow (dev.db)`"
)
READ_ONLY_FILE = (
    "P2039 Database error. Code: `SQLITE_READONLY`. Message: `attempt to write a readonly database: "
    "the file, or its folder, may not be written (dev.db)`"
)
READ_ONLY_FOLDER = (
    "P1001 Can't open the database file `dev.db`: attempt to write a readonly database: "
    "the file, or its folder, may not be written."
)


@pytest.fixture
def interface() -> str:
    """Threads: the sentences are those of asyncio."""
    return "threads"


def told(error: BaseException, path: Path) -> tuple[str | None, str]:
    return getattr(error, "code", None), str(error).replace(str(path), "dev.db")


async def failure(work: Any, path: Path) -> tuple[str | None, str]:
    with pytest.raises(PrismaError) as caught:
        await work
    return told(caught.value, path)


def replace(path: Path, other: Path | None) -> None:
    """Delete a file with what SQLite keeps beside it, and put another one there."""
    for each in list(path.parent.glob("dev.db*")):
        each.unlink()
    if other is not None:
        shutil.copy(other, path)


async def test_a_full_disk(make_client: Callable[..., Any], path: Path) -> None:
    async with make_client("?connection_limit=1") as db:
        manager = db.tx()
        tx = await manager.start()
        await tx.user.create({"email": "a"})
        pages = await tx.query_first("PRAGMA page_count")
        await tx.query_raw(f"PRAGMA max_page_count = {pages['page_count'] + 1}")
        full = await failure(tx.user.create({"email": "b" * 100_000}), path)
        # SQLite has undone the statement alone.
        await tx.user.create({"email": "c"})
        await manager.commit()
        kept = [user.email for user in await db.user.find_many()]
    assert (full, kept) == (("P2039", FULL), ["a", "c"])


async def test_a_deleted_file_takes_no_writes(db: Any, path: Path) -> None:
    await db.user.create({"email": "a"})
    replace(path, None)
    found = [await failure(db.user.create({"email": "b"}), path) for _ in range(2)]
    assert found == [("P1003", "Database `dev.db` does not exist at `dev.db`")] * 2


async def test_a_file_that_was_replaced_is_opened_again(db: Any, path: Path, pushed: Path) -> None:
    await db.user.create({"email": "a"})
    replace(path, pushed)
    lost = await failure(db.user.create({"email": "b"}), path)
    await db.user.create({"email": "c"})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        stored = connection.execute("SELECT email FROM User").fetchall()
    assert (lost[0], stored) == ("P1017", [("c",)])


async def test_a_file_that_is_no_database(make_client: Callable[..., Any], path: Path) -> None:
    replace(path, Path(__file__))
    assert await failure(make_client().connect(), path) == (
        "P1001",
        "Can't open the database file `dev.db`: file is not a database.",
    )


async def test_a_name_that_no_file_can_have(package: Any, threads: Any, path: Path) -> None:
    name = path.with_name("x" * 300)
    db = threads.adapt(package.Prisma(datasource={"url": f"file:{name}"}, use_dotenv=False))
    assert await failure(db.connect(), name) == ("P1001", "Can't open the database file `dev.db`: file name too long.")


async def test_another_process_that_keeps_the_file(make_client: Callable[..., Any], path: Path) -> None:
    async with make_client("?socket_timeout=0.1") as db:
        await db.user.count()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        locked = await failure(db.user.create({"email": "a"}), path)
        other.close()
        await db.user.create({"email": "a"})
    assert locked == (
        "P1008",
        "Operations timed out after 0.1 s. Context: the database file is locked. Database: dev.db",
    )


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
async def test_whole_numbers_beyond_64_bits(db: Any, path: Path, number: int) -> None:
    ends = [await db.user.create({"email": str(end), "big": end}) for end in (2**63 - 1, -(2**63))]
    codes = [
        (await failure(work, path))[0]
        for work in (
            db.user.create({"email": "a", "big": number}),
            db.user.count(where={"big": {"in": [1, number]}}),
            db.user.update_many({"big": number}, {}),
        )
    ]
    assert ([user.big for user in ends], codes) == ([2**63 - 1, -(2**63)], ["P2020"] * 3)


READ_ONLY = """
import os, sys
folder, package, mine, other = sys.argv[1:]
sys.path.insert(0, folder)
from prisma.errors import PrismaError

def use(path):
    db = __import__(package).Prisma(datasource={"url": f"file:{path}"}, use_dotenv=False)
    db.connect()
    print(db.user.count())
    db.user.create({"email": "a"})

# All modules are loaded now.
use(mine)
if os.getuid() == 0:
    # The superuser may write everything.
    os.setegid(65534)
    os.seteuid(65534)
try:
    use(other)
except PrismaError as error:
    print(error.code, error)
"""


@pytest.fixture
def place(pushed: Path) -> Iterator[Path]:
    """A file in a folder that every user may enter, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copy(pushed, Path(folder) / "dev.db"))
        Path(folder).chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX")
@pytest.mark.parametrize(
    ("journal", "folder", "expected"),
    [
        (
            "delete",
            0o777,
            [
                "0",
                READ_ONLY_FILE,
            ],
        ),
        (
            "wal",
            0o555,
            [
                READ_ONLY_FOLDER,
            ],
        ),
    ],
)
def test_what_may_not_be_written(
    package: Any, path: Path, place: Path, journal: str, folder: int, expected: list[str]
) -> None:
    connection = sqlite3.connect(place)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.close()
    place.chmod(0o444)
    place.parent.chmod(folder)
    source = Path(package.__file__).parents[1]
    arguments = [sys.executable, "-c", READ_ONLY, str(source), package.__name__, str(path), str(place)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.stdout.replace(str(place), "dev.db").splitlines() == ["0", *expected], done.stderr
