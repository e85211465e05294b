"""`migrate deploy`, `status` and `resolve` do what the official command line does: output, exit codes and rows.

One walk through a project's life compares them at every step: in two databases with the same history so far, ours and
theirs do the same step, and change places after it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from .official import Official
from .twin import Twin

pytestmark = pytest.mark.long

MakeTwin = Callable[[], Twin]

OURS: Final = frozenset({"migrate deploy", "migrate status", "migrate resolve"})
SCHEMA: Final = """\
datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_DATABASE_URL")
}
"""
# The official command line's logs hold a stack trace of its engine.
ROWS: Final = """
SELECT concat_ws(' ', migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL,
    applied_steps_count, coalesce(logs <> '', false), length(id))
FROM _prisma_migrations ORDER BY started_at
"""
COLUMNS: Final = """
SELECT concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position
"""
TABLES: Final = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# Parts of the output that name the program, or that differ in every run.
NOT_COMPARED: Final = re.compile(
    r"^(?:Loaded Prisma config from .*|Prisma config detected.*)$| using driver adapter .*$| at \".*\"$"
    r"|(?<=database )\"twin_\w+\"|started at .* UTC",
    re.MULTILINE,
)
FIRST: Final = (
    "CREATE TABLE a (id int PRIMARY KEY);\nDO $$ BEGIN INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); END $$;\n"
)


def add(folder: Path, name: str, sql: str) -> None:
    place = folder / "migrations" / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "migration.sql").write_text(sql)
    (folder / "migrations" / "migration_lock.toml").write_text('provider = "postgresql"\n')


def nothing(_: Path) -> None:
    pass


def two(folder: Path) -> None:
    add(folder, "1_first", FIRST)
    add(folder, "2 with spaces", "CREATE INDEX CONCURRENTLY a_id ON a (id);\n")


def wrong(folder: Path) -> None:
    add(folder, "3_wrong", "CREATE TABLE b (a int REFERENCES a);\nINSERT INTO b VALUES (3);\n")


def repaired(folder: Path) -> None:
    add(folder, "3_wrong", "CREATE TABLE b (a int);\n")


def added(folder: Path) -> None:
    add(folder, "4_added", "CREATE TABLE b (id int);\n")


def edited(folder: Path) -> None:
    add(folder, "1_first", FIRST + "-- edited\n")


def diverged(folder: Path) -> None:
    shutil.rmtree(folder / "migrations" / "2 with spaces")
    add(folder, "2b_late", "CREATE TABLE late (id int);\n")
    add(folder, "5_more", "CREATE TABLE more (id int);\n")


# What happens to the project, the command behind it, and its exit code.
STEPS: Final[tuple[tuple[Callable[[Path], None], str, int], ...]] = (
    (nothing, "status", 1),
    (two, "status", 1),
    (nothing, "deploy", 0),
    (edited, "deploy", 0),
    (wrong, "deploy", 1),
    (nothing, "deploy", 1),
    (nothing, "status", 1),
    (nothing, "resolve --rolled-back 3_wrong", 0),
    (repaired, "deploy", 0),
    (nothing, "resolve --rolled-back 3_wrong", 0),
    (added, "resolve --applied 4_added", 0),
    (nothing, "resolve --applied 4_added", 1),
    (diverged, "status", 1),
    (nothing, "deploy", 0),
)


def column(twin: Twin, sql: str) -> list[Any]:
    """Run SQL in the database and return the first column."""
    with psycopg.connect(twin.url) as connection:
        return [row[0] for row in connection.execute(sql.encode())]


def outcome(twin: Twin, command: str) -> tuple[Any, ...]:
    """Run a command, and return its output and the resulting rows."""
    done = twin.run(["migrate", *command.split()])
    tables = column(twin, TABLES)
    rows = column(twin, ROWS) + column(twin, COLUMNS) if "_prisma_migrations" in tables else []
    return done.code, _words(done.out), _words(done.err), rows, tables


def _words(text: str) -> list[str]:
    """Return the lines that are not empty."""
    return [line.strip() for line in NOT_COMPARED.sub("", text).splitlines() if line.strip()]


def _pair(folder: Path, url: str, official: Official) -> tuple[Twin, Twin]:
    """Return ours and theirs in one folder, on one database."""
    (folder / "schema.prisma").write_text(SCHEMA)
    return Twin(folder, url, "", official, OURS), Twin(folder, url, "", official)


def test_same_output_and_effect(make_twin: MakeTwin, official: Official) -> None:
    first, second = make_twin(), make_twin()
    pairs = [_pair(first.folder, each.url, official) for each in (first, second)]
    for change, command, code in STEPS:
        change(first.folder)
        ours, theirs = outcome(pairs[0][0], command), outcome(pairs[1][1], command)
        assert (ours, ours[0]) == (theirs, code), (change.__name__, command)
        pairs.reverse()


def test_same_refusal_of_a_database_with_tables(make_twin: MakeTwin, official: Official) -> None:
    place = make_twin()
    ours, theirs = _pair(place.folder, place.url, official)
    ours.execute("CREATE TABLE kept (id int)")
    add(place.folder, "1_first", "SELECT 1;\n")
    refused = outcome(ours, "deploy")
    assert refused == outcome(theirs, "deploy")
    assert (refused[0], refused[2][0], refused[4]) == (1, "Error: P3005", ["kept"])
