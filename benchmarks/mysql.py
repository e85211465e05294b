"""`python -m benchmarks.mysql`: the client on MariaDB, beside asyncmy by hand, Tortoise and SQLAlchemy.

The workloads are those of `python -m benchmarks`, on the same rows. Each library works in a process of its own, on one
server that is started for it; answers are compared before anything is timed, and rounds take turns. A figure is the
median of the rounds' ratios to asyncmy by hand. The report goes to the standard output and to
`benchmarks/results/mysql.md` and `mysql.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pymysql

from benchmarks.contest import Contest, Figures, started
from benchmarks.database import KEYS, PROJECTS, ROOT
from benchmarks.peers.mysql.prisma_python import FOLDER
from benchmarks.report import figures_as_json
from benchmarks.workloads import USERS, WORKLOADS
from prisma.generator import generate
from servers.mysql import MariaDb, mariadb_program
from servers.mysql_tables import as_mysql, tables

RESULTS: Final = Path(__file__).parent / "results"
REFERENCE: Final = "mysql.asyncmy_raw"
OURS: Final = "mysql.prisma_python"
PEERS: Final[dict[str, str]] = {
    REFERENCE: "asyncmy",
    OURS: "Prisma Client for Python",
    "mysql.sqlalchemy_orm": "SQLAlchemy",
    "mysql.tortoise_orm": "Tortoise",
}
# Where our plan is one statement. Without RETURNING, other writes take several round trips.
TARGETS: Final = {"W1": 1.3, "W3": 1.3, "W6": 1.3}
DATABASE: Final = "bench"

_START: Final = datetime(2025, 1, 1)
_RESTORE: Final = """
DELETE FROM users WHERE email LIKE 'z-%';
UPDATE users SET name = CONCAT('User ', SUBSTR(id, 6)),
                 updatedAt = '2025-06-01' + INTERVAL SUBSTR(id, 6) MINUTE
WHERE name LIKE 'Changed%'
"""


@dataclass(frozen=True)
class Place:
    """What peers open, in the place of the folder with PostgreSQL's socket."""

    folder: str


class Admin:
    """A connection that undoes what the workloads have written."""

    def __init__(self, server: MariaDb) -> None:
        self._connection = server.connect(DATABASE)

    async def execute(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            while cursor.nextset():
                pass

    def close(self) -> None:
        self._connection.close()


class MysqlContest(Contest):
    """Libraries at work on one database of MariaDB."""

    async def _restore(self, *, vacuum: bool = False) -> None:
        await self._admin.execute(_RESTORE)


def fill(server: MariaDb, schema: str) -> None:
    """Make the database with the service's tables, and the rows of `benchmarks.database`."""
    server.create_database(DATABASE)
    server.run(tables([("schema.prisma", schema)]), DATABASE)
    users = [
        (f"user-{i}", f"user-{i}@example.com", f"User {i}", "USER" if i % 10 else "ADMIN", _after(0, i), _after(151, i))
        for i in range(USERS)
    ]
    keys = [
        (f"key-{i}-{k}", f"secret-{i}-{k}", f"Key {k}", f"user-{i}", _after(31))
        for i in range(USERS)
        for k in range(KEYS)
    ]
    subscriptions = [
        (f"subscription-{i}", f"user-{i}", "PRO", "ACTIVE", _after(59), _after(59), _after(59)) for i in range(USERS)
    ]
    projects = [
        (f"project-{i}-{p}", f"Project {p}", f"user-{i}", _after(90), _after(91))
        for i in range(USERS)
        for p in range(PROJECTS)
    ]
    with server.connect(DATABASE) as connection:
        _insert(connection, "users", "id, email, name, role, createdAt, updatedAt", users)
        _insert(connection, "api_keys", "id, `key`, name, userId, createdAt", keys)
        names = "id, userId, plan, status, currentPeriodStart, createdAt, updatedAt"
        _insert(connection, "subscriptions", names, subscriptions)
        _insert(connection, "projects", "id, name, userId, createdAt, updatedAt", projects)


def _after(days: int, minutes: int = 0) -> datetime:
    return _START + timedelta(days=days, minutes=minutes)


def _insert(connection: pymysql.Connection[Any], table: str, names: str, rows: list[Any]) -> None:
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def make_client(folder: Path, schema: str) -> None:
    """Generate the package `mysql_client`."""
    generator = 'generator python {\n  provider = "prisma-client-py"\n  output = "./mysql_client"\n}\n'
    (folder / "schema.prisma").write_text(f"{schema}\n{generator}", encoding="utf-8")
    generate(folder / "schema.prisma", root=folder, environment={"PRISMA_PY_CONFIG_INTERFACE": "asyncio"})


def url_of(server: MariaDb) -> str:
    """Return a URL with a login that every library takes as it is."""
    server.run("CREATE USER bench@'%' IDENTIFIED BY 'bench'; GRANT ALL ON bench.* TO bench@'%'")
    return f"mysql://bench:bench@127.0.0.1:{server.port}/{DATABASE}"


async def measure(server: MariaDb, names: list[str], rounds: int, seconds: float) -> dict[str, dict[str, Figures]]:
    """Return the figures by workload and library."""
    admin = Admin(server)
    try:
        async with started(names, Place(url_of(server))) as workers:
            contest = MysqlContest(workers, admin, lambda words: print(words, file=sys.stderr))
            await contest.check()
            return {each.name: await contest.run(each, 1, rounds, seconds) for each in WORKLOADS}
    finally:
        admin.close()


def as_table(found: dict[str, dict[str, Figures]], names: list[str]) -> str:
    """Return Markdown: microseconds of the reference, and the ratios of the others."""
    others = [name for name in names if name != REFERENCE]
    lines = [
        f"| | {PEERS[REFERENCE]}, µs | target | {' | '.join(PEERS[name] for name in others)} |",
        f"|---|---|---|{'---|' * len(others)}",
    ]
    for workload in WORKLOADS:
        figures = found[workload.name]
        ratios = " | ".join(f"{figures[name].ratio:.2f}" for name in others)
        target = f"≤ {TARGETS[workload.name]}" if workload.name in TARGETS else ""
        title = f"{workload.name} {workload.title}"
        lines.append(f"| {title} | {figures[REFERENCE].wall:.0f} | {target} | {ratios} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mysql", description=__doc__)
    parser.add_argument("--short", action="store_true", help="run everything once, in seconds; write no results")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.05, help="length of a round of asyncmy (default: 0.05)")
    parser.add_argument("--peers", default=",".join(PEERS), help="modules of benchmarks.peers")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to")
    options = parser.parse_args()
    program = mariadb_program()
    if program is None:
        sys.exit("MariaDB is not installed (Debian: apt-get install mariadb-server-core).")
    rounds, seconds = (1, 0.0) if options.short else (options.rounds, options.seconds)
    names = options.peers.split(",")
    load = os.getloadavg()[0]
    schema = as_mysql((ROOT / "schema.prisma").read_text(encoding="utf-8"))
    server = MariaDb(program)
    try:
        server.start()
        [(version,)] = server.run("SELECT VERSION()")
        fill(server, schema)
        with tempfile.TemporaryDirectory() as folder:
            make_client(Path(folder), schema)
            os.environ[FOLDER] = folder
            found = asyncio.run(measure(server, names, rounds, seconds))
    finally:
        server.destroy()
    machine = {
        "python": platform.python_version(),
        "server": version,
        "processors": os.cpu_count(),
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "rounds": rounds,
    }
    table = as_table(found, names)
    print(table)
    if not options.short:
        (options.results / "mysql.md").write_text(table, encoding="utf-8")
        (options.results / "mysql.json").write_text(figures_as_json(found, machine), encoding="utf-8")


if __name__ == "__main__":
    main()
