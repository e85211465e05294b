"""`migrate dev` and `migrate reset` where a project has its schema, its database or its rights in another way."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from prisma.cli.consent import AGENTS

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Callable[..., Awaitable[list[Any]]]

TABLES: Final = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
NOBODY: Final = {variable: "" for _, variable, _ in AGENTS}
DATASOURCE: Final = """\
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"""
AUTHOR: Final = "model Author {\n  id    Int    @id\n  books Book[]\n}\n"
BOOK: Final = """\
model Book {
  id       Int    @id
  author   Author @relation(fields: [authorId], references: [id])
  authorId Int
}
"""
FILES: Final = {"base.prisma": DATASOURCE, "models/author.prisma": AUTHOR, "models/book.prisma": BOOK}
RUNNING: Final = """\
import pathlib
from contextlib import contextmanager

@contextmanager
def running():
    yield {url!r}
    with pathlib.Path("left").open("a") as file:
        file.write("x")
"""
SEED: Final = "import os\nprint('seed of', 'DATABASE_URL' in os.environ)\nraise SystemExit({code})\n"
IN_SYNC: Final = "Your database is now in sync with your schema.\n"


def run(project: Project, *words: str) -> tuple[int, str, str]:
    done = project.run(*words, more=NOBODY)
    return done.code, done.out, done.err


def migrations(folder: Path) -> list[str]:
    """Return the files of the migrations, with letters for their moments."""
    paths = sorted(path.relative_to(folder).as_posix() for path in (folder / "migrations").rglob("*") if path.is_file())
    return [re.sub(r"\d{14}", "TIME", path) for path in paths]


async def test_a_schema_of_several_files(project: Project, database: str, query: Query) -> None:
    (project.folder / "schema.prisma").unlink()
    for name, text in FILES.items():
        project.write(f"schema/{name}", text)
    project.use(database)
    code, out, err = run(project, "migrate", "dev", "--schema", "schema", "--name", "first")
    assert (code, IN_SYNC in out, err) == (0, True, ""), (out, err)
    # Beside the file that has the datasource.
    expected = ["migrations/TIME_first/migration.sql", "migrations/migration_lock.toml"]
    assert (migrations(project.folder / "schema"), await query(database, TABLES)) == (
        expected,
        ["Author", "Book", "_prisma_migrations"],
    )
    await query(database, "CREATE TABLE stray (id int)")
    code, out, err = run(project, "migrate", "reset", "--force", "--schema", "schema")
    assert (code, "Database reset successful" in out, err) == (0, True, ""), (out, err)
    assert await query(database, TABLES) == ["Author", "Book", "_prisma_migrations"]


async def test_the_database_of_the_project(project: Project, database: str, query: Query) -> None:
    project.write("schema.prisma", f"{DATASOURCE}\n{AUTHOR}\n{BOOK}")
    project.write("devdb.py", RUNNING.format(url=database))
    project.write("seed.py", SEED.format(code=0))
    project.write("pyproject.toml", '[tool.prisma]\ndatabase = "devdb:running"\nseed = "python seed.py"\n')
    told = f"Database of this project: {database}\n"
    for words in (("migrate", "dev", "--name", "first"), ("migrate", "reset", "--force")):
        code, out, err = run(project, *words)
        assert (code, err, "seed of True" in out) == (0, told, words[1] == "reset"), (out, err)
    assert (await query(database, TABLES), (project.folder / "left").read_text()) == (
        ["Author", "Book", "_prisma_migrations"],
        "xx",
    )


async def test_a_seed_that_fails(project: Project, database: str, query: Query) -> None:
    project.write("schema.prisma", f"{DATASOURCE}\n{AUTHOR}\n{BOOK}")
    project.write("seed.py", SEED.format(code=3))
    project.write("pyproject.toml", '[tool.prisma]\nseed = "python seed.py"\n')
    absent = database.replace("/test_", "/absent_")
    project.use(absent)
    try:
        # A new database is seeded.
        found = [run(project, "migrate", "dev", "--name", "first"), run(project, "migrate", "reset", "--force")]
        assert [(code, err) for code, _, err in found] == [
            (1, "\nAn error occurred while running the seed command.\n")
        ] * 2, found
        # What came before the seed stays.
        assert await query(absent, TABLES) == ["Author", "Book", "_prisma_migrations"]
    finally:
        await query(database, f'DROP DATABASE IF EXISTS "{absent.partition("/absent_")[2].partition("?")[0]}"')


@pytest.fixture
def bound_by_modes() -> list[str]:
    """What starts a program that may write only where the modes of files say so; root may write everywhere."""
    if os.geteuid():
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and setpriv is not installed")
    return [setpriv, "--bounding-set=-dac_override"]


@pytest.fixture
def read_only(project: Project) -> Iterator[Callable[[], None]]:
    """Take the right to write from the project's folders; they get it back."""

    def folders() -> list[Path]:
        return [project.folder, *(path for path in project.folder.rglob("*") if path.is_dir())]

    def take() -> None:
        for folder in folders():
            folder.chmod(0o555)

    yield take
    for folder in folders():
        folder.chmod(0o755)


async def test_a_folder_that_may_not_be_written(
    project: Project, database: str, query: Query, bound_by_modes: list[str], read_only: Callable[[], None]
) -> None:
    project.write("schema.prisma", f"{DATASOURCE}\n{AUTHOR}\n{BOOK}")
    project.use(database)
    (project.folder / "migrations").mkdir()
    read_only()
    created = project.start([*bound_by_modes, *project.command("migrate", "dev", "--name", "first")], more=NOBODY)
    assert (created.code, re.sub(r"\d{14}", "TIME", created.err).splitlines()[0]) == (
        1,
        "Error: Permission denied: migrations/.TIME_first.sql",
    ), created
    # Nothing is written and nothing applied.
    assert (migrations(project.folder), await query(database, TABLES)) == ([], [])
    # What needs no file works.
    pushed = project.start([*bound_by_modes, *project.command("db", "push")], more=NOBODY)
    assert (pushed.code, await query(database, TABLES)) == (0, ["Author", "Book"]), pushed
