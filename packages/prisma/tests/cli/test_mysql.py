"""The commands on a schema for MySQL: what works, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any

URL = "mysql://ada:s3cret@127.0.0.1:1/shop"
SCHEMA = """\
datasource db {
  provider = "mysql"
  url      = env("DATABASE_URL")
}

generator client {
  provider = "prisma-client-py"
  output   = "client"
}

model Author {
  id   Int    @id @default(autoincrement())
  name String
}
"""
NO_ENGINE = "Error: Prisma's schema engine has no WebAssembly connector for MySQL, so this command can't work on it.\n"
NO_STUDIO = "Error: Studio shows databases of PostgreSQL and SQLite, and not of MySQL.\n"
WRONG_URL = "Error: P1012\n\nError validating datasource `db`: the URL must start with the protocol `mysql://`.\n"
NEED_ENGINE = (
    ("migrate", "dev", "--name", "x"),
    ("migrate", "dev", "--create-only"),
    ("migrate", "reset", "--force"),
    ("migrate", "diff", "--from-empty", "--to-schema-datamodel", "schema.prisma", "--script", "--output", "x.sql"),
    ("migrate", "diff", "--from-empty", "--to-schema-datasource", "schema.prisma"),
    ("migrate", "diff", "--from-empty", "--to-config-datasource"),
    ("migrate", "diff", "--from-migrations", "migrations", "--to-empty"),
    ("migrate", "diff", "--from-url", URL, "--to-empty"),
    ("migrate", "diff", "--from-empty", "--to-empty", "--shadow-database-url", URL),
    ("db", "push"),
    ("db", "push", "--force-reset"),
    ("db", "pull"),
    ("db", "pull", "--print"),
    ("db", "pull", "--print", "--url", URL),
)


@pytest.fixture
def project(project: Project) -> Project:
    """A project whose schema is for MySQL."""
    project.write("schema.prisma", SCHEMA)
    project.write("migrations/1_first/migration.sql", "CREATE TABLE a (id INT);")
    project.write("migrations/migration_lock.toml", 'provider = "mysql"\n')
    return project


def files(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("url", [URL, None], ids=["url", "no url"])
@pytest.mark.parametrize("words", NEED_ENGINE, ids=" ".join)
def test_what_needs_the_schema_engine_says_so(project: Project, words: tuple[str, ...], url: str | None) -> None:
    if url:
        project.use(url)
    before = files(project)
    done = project.run(*words)
    first, _, fix = done.err.partition("\n")
    assert (done.code, done.out, f"{first}\n", "`npx prisma migrate dev`" in fix, files(project)) == (
        1,
        "",
        NO_ENGINE,
        True,
        before,
    ), done


@pytest.mark.parametrize("words", [("studio",), ("studio", "--url", URL)], ids=" ".join)
def test_studio_says_so(project: Project, words: tuple[str, ...]) -> None:
    done = project.run(*words)
    assert (done.code, done.out, done.err[: len(NO_STUDIO)]) == (1, "", NO_STUDIO), done


def test_commands_without_a_database_work(project: Project) -> None:
    done = [project.run(*words) for words in (("validate",), ("format", "--check"), ("generate",))]
    assert [each.code for each in done] == [0, 0, 0], done
    assert (project.folder / "client" / "__init__.py").exists()


@pytest.mark.parametrize("url", ["postgresql://ada:s3cret@h/x", "file:./dev.db", "s3cret"])
def test_a_url_of_another_database(project: Project, url: str) -> None:
    project.use(url)
    done = project.run("db", "execute", "--stdin", stdin="SELECT 1")
    assert (done.code, done.out, done.err) == (
        1,
        "",
        f"{WRONG_URL}Its form: mysql://user:password@localhost:3306/database\n",
    )
