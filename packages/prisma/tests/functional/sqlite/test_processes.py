"""Several processes on one file, and processes that are killed while they write."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

PROCESSES: Final = 8
TURNS: Final = 100
# More of them tell more, and take as much longer.
KILLS: Final = int(os.environ.get("KILLS", "4"))
OPEN: Final = """
import sys
folder, package, url = sys.argv[1:]
sys.path.insert(0, folder)
db = __import__(package).Prisma(datasource={"url": url}, use_dotenv=False)
db.connect()
"""
COUNT: Final = f"""{OPEN}
for _ in range({TURNS}):
    with db.tx(max_wait=60_000, timeout=60_000) as tx:
        user = tx.user.find_unique_or_raise({{"email": "a"}})
        tx.user.update(where={{"email": "a"}}, data={{"score": user.score + 1}})
"""
WRITE: Final = f"""{OPEN}
import itertools, uuid
for _ in itertools.count():
    with db.tx() as tx:
        user = tx.user.create({{"email": str(uuid.uuid4())}})
        for number in range(5):
            tx.post.create({{"title": str(number), "authorId": user.id}})
    print("committed", flush=True)
"""


def start(program: str, package: Any, path: Path) -> subprocess.Popen[str]:
    folder, name = Path(package.__file__).parents[1], package.__name__
    arguments = [sys.executable, "-c", program, str(folder), name, f"file:{path}"]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def interface() -> str:
    """Threads: the program of a process is short."""
    return "threads"


def test_processes_count_without_a_loss(package: Any, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO User (email, changed) VALUES ('a', 0)")
    workers = [start(COUNT, package, path) for _ in range(PROCESSES)]
    codes: list[int] = []
    for worker in workers:
        with worker:
            codes.append(worker.wait())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        counted = connection.execute("SELECT score FROM User").fetchone()
    assert (codes, counted) == ([0] * PROCESSES, (PROCESSES * TURNS,))


def test_a_killed_process_leaves_nothing_half_written(package: Any, path: Path) -> None:
    seen: list[Any] = []
    acknowledged = 0
    for round_ in range(KILLS):
        with start(WRITE, package, path) as worker:
            assert worker.stdout is not None
            for _ in range(1 + round_ % 7):
                acknowledged += worker.stdout.readline() == "committed\n"
            worker.kill()
            acknowledged += len(worker.stdout.readlines())
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (checked,) = connection.execute("PRAGMA integrity_check").fetchone()
            users, posts = connection.execute("SELECT (SELECT count(*) FROM User), count(*) FROM posts").fetchone()
        # What was committed may not have been said.
        seen.append((checked, posts == 5 * users, 0 <= users - acknowledged <= round_ + 1))
    assert seen == [("ok", True, True)] * KILLS
