"""`db pull`: which files it writes, and what it says where it can't.

What it makes of databases is compared with the official command line, in `tests/differential/cli`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Query = Any

NO_NODE = {"PATH": ""}
SECRET = "s3cret"
TABLE = "CREATE TABLE people (id int PRIMARY KEY, name text)"
MODEL = "model people {\n  id   Int     @id\n  name String?\n}\n"
EARLIER_SCHEMA = """\
generator client {
  provider        = "prisma-client-py"
  output          = "client"
  previewFeatures = ["metrics"]
}

datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_DATABASE_URL")
}

model Blob {
  id      Int   @id
  content Bytes @default("foo!")
}
"""
WITH_VIEWS = """\
datasource db {
  provider = "postgresql"
}

generator client {
  provider        = "prisma-client-py"
  previewFeatures = ["views"]
}
"""


def texts(project: Project) -> dict[str, str]:
    return {path.relative_to(project.folder).as_posix(): path.read_text() for path in project.folder.rglob("*.*")}


async def test_what_the_schema_says_stays(project: Project, database: str, query: Query) -> None:
    """URLs, the feature `metrics` and text as a default of Bytes are not what the schema engine takes."""
    project.write("schema.prisma", EARLIER_SCHEMA)
    project.use(database)
    await query(database, "CREATE TABLE \"Blob\" (id int PRIMARY KEY, content bytea NOT NULL DEFAULT 'foo!')")
    await query(database, TABLE)
    await query(database, 'CREATE INDEX partial ON "Blob" (content) WHERE id > 0')
    done = project.run("db", "pull", more=NO_NODE)
    assert (done.code, done.err, texts(project)) == (0, "", {"schema.prisma": f"{EARLIER_SCHEMA}\n{MODEL}"}), done
    assert "✔ Introspected 2 models and wrote them into schema.prisma in " in done.out


async def test_a_url_without_a_schema_is_printed(project: Project, database: str, query: Query) -> None:
    """What is printed has no password in it."""
    (project.folder / "schema.prisma").unlink()
    await query(database, TABLE)
    url = database.replace("postgres@", f"postgres:{SECRET}@")
    done = project.run("db", "pull", "--print", "--url", url, more=NO_NODE)
    datasource = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'
    assert (done.code, done.out, done.err, texts(project)) == (0, f"{datasource}\n{MODEL}\n", "", {})


async def test_a_url_does_not_get_into_the_schema(project: Project, database: str, query: Query) -> None:
    project.use("postgresql://nobody@127.0.0.1:1/nothing")
    await query(database, TABLE)
    before = texts(project)["schema.prisma"]
    done = project.run("db", "pull", "--url", database, "--schema", "schema.prisma", more=NO_NODE)
    after = texts(project)["schema.prisma"]
    assert (done.code, MODEL in after, 'url       = env("DATABASE_URL")' in after) == (0, True, True), done
    assert (before == after, "/test_" in after) == (False, False)


async def test_views_come_and_go_with_the_schema(project: Project, database: str, query: Query) -> None:
    """Other files stay in the folder of views, and printing writes nothing."""
    project.write("schema.prisma", WITH_VIEWS)
    project.write("views/public/gone.sql", "SELECT 1")
    project.write("views/notes.txt", "")
    project.use(database)
    await query(database, TABLE)
    await query(database, "CREATE VIEW names AS SELECT 'é' AS name")
    before = texts(project)
    printed = project.run("db", "pull", "--print", more=NO_NODE)
    assert (printed.code, texts(project) == before, "view names {" in printed.out) == (0, True, True), printed
    assert project.run("db", "pull", more=NO_NODE).code == 0
    after = texts(project)
    assert after.keys() == {"schema.prisma", "views/public/names.sql", "views/notes.txt"}
    assert after["views/public/names.sql"] == "SELECT\n  'é' :: text AS name;"
    project.write("schema.prisma", WITH_VIEWS.replace('"views"', ""))
    assert project.run("db", "pull", more=NO_NODE).code == 0
    assert texts(project).keys() == after.keys()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param(f"postgresql://ada:{SECRET}@127.0.0.1:1/x", "P1001\n\nCan't reach database server", id="server"),
        pytest.param("absent", "\nP1003 The introspected database does not exist:\n", id="database"),
        pytest.param("empty", "\nP4001 The introspected database was empty:\n", id="tables"),
        pytest.param(f"mysql://ada:{SECRET}@h/x", "P1012\n\nError validating datasource `db`", id="provider"),
    ],
)
def test_refusals_leave_the_schema_alone(project: Project, database: str, url: str, words: str) -> None:
    before = texts(project)
    project.use({"absent": database.replace("/test_", "/absent_"), "empty": database}.get(url, url))
    done = project.run("db", "pull", more=NO_NODE)
    assert (done.code, done.err.startswith(f"Error: {words}"), texts(project)) == (1, True, before), done
    assert SECRET not in done.out + done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to every file")
async def test_a_schema_that_may_not_be_written(project: Project, database: str, query: Query) -> None:
    project.use(database)
    await query(database, TABLE)
    (project.folder / "schema.prisma").chmod(0o400)
    before = texts(project)
    done = project.run("db", "pull", more=NO_NODE)
    assert (done.code, "You may not write to" in done.err, texts(project)) == (1, True, before), done


def test_files_take_their_places_together(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """If one of them can't be written, for a full disk or missing rights, none changes and nothing stays behind."""
    from prisma.cli.project.errors import CommandError
    from prisma.cli.project.replaced_files import replace_files

    one, two, new = tmp_path / "one", tmp_path / "two", tmp_path / "folder" / "new"
    one.write_text("before")
    two.write_text("before")
    one.chmod(0o640)
    monkeypatch.setattr("os.access", lambda path, mode: path != two)
    with pytest.raises(CommandError, match=f"You may not write to {two}"):
        replace_files({one: "after", new: "after", two: "after"})
    assert [path.name for path in sorted(tmp_path.rglob("*")) if path.is_file()] == ["one", "two"]
    assert (one.read_text(), two.read_text()) == ("before", "before")
    replace_files({one: "after", new: "after"})
    assert (one.read_text(), new.read_text(), one.stat().st_mode & 0o777) == ("after", "after", 0o640)
