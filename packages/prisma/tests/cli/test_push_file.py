"""`prisma db push` and `prisma init` on SQLite, and the first program of the old package's documentation."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from prisma.cli.consent import AGENTS

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any

NOBODY = {variable: "" for _, variable, _ in AGENTS}
SCHEMA = """\
datasource db {
  provider = "sqlite"
  url      = "file:data/dev.db"
}

generator client {
  provider = "prisma-client-py"
  output   = "client"
}

model Author {
  id    Int    @id @default(autoincrement())
  name  String @unique
  books Book[]
}

model Book {
  id       Int    @id
  author   Author @relation(fields: [authorId], references: [id])
  authorId Int
}
"""
HEAD = 'Prisma schema loaded from schema.prisma\nDatasource "db": SQLite database "dev.db" at "file:data/dev.db"\n\n'
CREATED = "SQLite database dev.db created at file:data/dev.db\n\n"
DONE = "\n🚀  Your database is now in sync with your Prisma schema. Done in TIME\n"
IN_SYNC = "\nThe database is already in sync with the Prisma schema.\n"
RESET = 'The SQLite database "dev.db" at "file:data/dev.db" was successfully reset.\n'
LOSS = """\

⚠️  There might be data loss when applying the changes:

  • You are about to drop the column `name` on the `Author` table, which still contains 1 non-null values.


"""
NO_FLAG = (
    "Error: Use the --accept-data-loss flag to ignore the data loss warnings like prisma db push --accept-data-loss\n"
)
ROWS = "INSERT INTO Author (name) VALUES ('Ann'); INSERT INTO Book VALUES (1, 1)"


@pytest.fixture
def file_project(project: Project) -> Project:
    """A project whose database is a file."""
    project.write("schema.prisma", SCHEMA)
    return project


def push(project: Project, *words: str) -> tuple[int, str, str]:
    done = project.run("db", "push", "--skip-generate", *words, more=NOBODY)
    return done.code, re.sub(r"Done in \S+", "Done in TIME", done.out), done.err


def run_sql(project: Project, script: str) -> None:
    with closing(sqlite3.connect(project.folder / "data" / "dev.db")) as connection:
        connection.executescript(script)


def columns(project: Project) -> list[str]:
    with closing(sqlite3.connect(project.folder / "data" / "dev.db")) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info('Author')")]


def test_from_nothing_to_data_loss(file_project: Project) -> None:
    assert [push(file_project), push(file_project)] == [(0, HEAD + CREATED + DONE, ""), (0, HEAD + IN_SYNC, "")]
    run_sql(file_project, ROWS)
    file_project.write("schema.prisma", SCHEMA.replace("  name  String @unique\n", ""))
    assert (push(file_project), columns(file_project)) == ((1, HEAD + LOSS, NO_FLAG), ["id", "name"])
    assert push(file_project, "--accept-data-loss") == (0, HEAD + LOSS + DONE, "")
    assert columns(file_project) == ["id"]


def test_reset(file_project: Project) -> None:
    push(file_project)
    run_sql(file_project, ROWS + '; CREATE VIEW v AS SELECT name FROM Author; CREATE TABLE "a""b" (x)')
    assert push(file_project, "--force-reset") == (0, HEAD + RESET + DONE, "")
    with closing(sqlite3.connect(file_project.folder / "data" / "dev.db")) as connection:
        left = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1"
        ).fetchall()
        rows = connection.execute("SELECT count(*) FROM Author").fetchone()
    assert (left, rows) == ([("Author",), ("Book",), ("sqlite_sequence",)], (0,))


def test_a_url_that_names_no_file(file_project: Project) -> None:
    file_project.write("schema.prisma", SCHEMA.replace("file:data/dev.db", "file:"))
    done = push(file_project)
    assert (done[0], "it names no file; its form is file:./dev.db" in done[2]) == (1, True)


PROGRAM = """\
import asyncio

from prisma import Prisma


async def main() -> None:
    db = Prisma(auto_register=True)
    await db.connect()

    # write your queries here
    user = await db.user.create(
        data={
            'name': 'Robert',
            'email': 'robert@craigie.dev'
        },
    )
    post = await db.post.create({"title": "Hi", "author": {"connect": {"id": user.id}}})
    found = await db.user.find_unique(where={"email": "robert@craigie.dev"}, include={"posts": True})
    print(found.name, [post.title for post in found.posts], post.published)

    await db.disconnect()


if __name__ == '__main__':
    asyncio.run(main())
"""
QUICKSTART = """\
// database
datasource db {
  provider = "sqlite"
  url      = "file:database.db"
}

// generator
generator client {
  provider             = "prisma-client-py"
  recursive_type_depth = 5
  output               = "client"
}

// data models
model User {
  id    String @id @default(cuid())
  name  String
  email String @unique
  posts Post[]
}

model Post {
  id        Int     @id @default(autoincrement())
  title     String
  published Boolean @default(false)
  author    User?   @relation(fields: [author_id], references: [id])
  author_id String?
}
"""


def test_the_first_program(project: Project) -> None:
    project.write("schema.prisma", QUICKSTART)
    project.write("main.py", PROGRAM.replace("from prisma", "from client"))
    pushed = project.run("db", "push", more=NOBODY)
    ran = project.start([*project.command()[:1], "main.py"])
    assert (pushed.code, "Generated Prisma Client" in pushed.out, ran.out, ran.err) == (
        0,
        True,
        "Robert ['Hi'] False\n",
        "",
    )


def test_init(project: Project) -> None:
    (project.folder / "schema.prisma").unlink()
    done = project.run("init", "--datasource-provider", "sqlite", "--with-model")
    written = [(project.folder / name).read_text() for name in ("prisma/schema.prisma", ".env")]
    assert (
        done.code,
        'provider = "sqlite"' in written[0],
        written[1],
        "run `prisma db push`" in done.out,
        project.run("db", "push", "--skip-generate", more=NOBODY).code,
        (project.folder / "prisma" / "dev.db").exists(),
    ) == (0, True, 'DATABASE_URL="file:./dev.db"\n', True, 0, True)
