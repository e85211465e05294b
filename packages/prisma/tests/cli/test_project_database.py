"""`[tool.prisma] database`: the database of commands if the environment names none."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.long

Project = Any
NO_NODE = {"PATH": ""}
# `left` tells that the database was let go.
MODULE = """\
import pathlib
from contextlib import contextmanager

URL = {url!r}

@contextmanager
def running():
    yield URL
    with pathlib.Path("left").open("a") as file:
        file.write("x")

def named():
    return URL

class NotStarted(Exception):
    fix = "Start it by hand."

def failing():
    raise NotStarted("the disk is full")

@contextmanager
def stuck():
    yield URL
    raise NotStarted("it can't be stopped")

def wrong():
    return None

def silent():
    raise NotStarted
"""
SEED = "import os, pathlib\nprint(os.environ['DATABASE_URL'], pathlib.Path('left').exists())\n"
SEEDED = "🌱  The seed command has been executed."


def name(project: Project, function: str, url: str = "postgresql://ann:secret@127.0.0.1:1/x") -> None:
    project.write("pyproject.toml", f'[tool.prisma]\nseed = "python seed.py"\ndatabase = "{function}"\n')
    project.write("devdb.py", MODULE.format(url=url))
    project.write("seed.py", SEED)
    project.write("migrations/1_first/migration.sql", "SELECT 1;")


@pytest.mark.parametrize("function", ["devdb:running", "devdb:named"])
def test_commands_work_there_and_let_go(project: Project, database: str, function: str) -> None:
    name(project, function, database)
    commands = [("migrate", "deploy"), ("migrate", "status"), ("db", "seed")]
    done = [project.run(*words, more=NO_NODE) for words in commands]
    assert [each.code for each in done] == [0, 0, 0], done
    assert {each.err for each in done} == {f"Database of this project: {database}\n"}
    assert done[2].out.splitlines()[1:] == [f"{database} {function == 'devdb:running'}", "", SEEDED]
    left = project.folder / "left"
    assert (left.read_text() if left.exists() else "") == ("xxx" if function == "devdb:running" else "")


def test_what_is_printed_for_programs_does_not_name_it(project: Project, database: str) -> None:
    name(project, "devdb:running", database)
    done = project.run("db", "execute", "--stdin", stdin="CREATE TABLE made (id int);", more=NO_NODE)
    pulled = project.run("db", "pull", "--print", more=NO_NODE)
    assert (done.code, pulled.code, "model made" in pulled.out) == (0, 0, True), (done, pulled)
    assert "Database of this project" not in pulled.out
    assert (project.folder / "left").read_text() == "xx"


@pytest.mark.parametrize("place", ["environment", ".env", "direct"])
def test_the_environment_wins(project: Project, database: str, place: str) -> None:
    name(project, "gone:gone")
    match place:
        case "environment":
            project.use(database)
        case ".env":
            project.write(".env", f'DATABASE_URL="{database}"\n')
        case _:
            project.environment["DIRECT_DATABASE_URL"] = database
    done = project.run("migrate", "deploy", more=NO_NODE)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("words", [("validate",), ("migrate", "status", "--help")], ids=" ".join)
def test_commands_without_a_database_ask_for_none(project: Project, words: tuple[str, ...]) -> None:
    name(project, "gone:gone")
    done = project.run(*words, more=NO_NODE)
    assert (done.code, "gone" in done.err + done.out) == (0, False)


SETTING = "Error: `database` of [tool.prisma] in pyproject.toml"


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        ("devdb:failing", f"{SETTING} (devdb:failing) failed: the disk is full\nStart it by hand.\n"),
        ("devdb:silent", f"{SETTING} (devdb:silent) failed: NotStarted\nStart it by hand.\n"),
        ("devdb:wrong", f"{SETTING} (devdb:wrong) gave NoneType instead of a URL.\n"),
        ("devdb:no", f"{SETTING} (devdb:no) failed: module 'devdb' has no attribute 'no'\n"),
        ("nowhere:no", f"{SETTING} (nowhere:no) failed: No module named 'nowhere'\n"),
        ("devdb", f"{SETTING} (devdb) is not of the form module:function.\nFor example:\n[tool.prisma]\n"),
        ("", f"{SETTING} must be a text.\nFor example:\n[tool.prisma]\n"),
    ],
)
def test_mistakes(project: Project, function: str, complaint: str) -> None:
    name(project, function)
    done = project.run("migrate", "status", more=NO_NODE)
    assert (done.code, done.err.removesuffix('database = "devdb:running"\n')) == (1, complaint)


def test_a_password_is_not_shown(project: Project) -> None:
    name(project, "devdb:stuck")
    done = project.run("migrate", "status", more=NO_NODE)
    assert (done.code, "secret" in done.out + done.err) == (1, False)
    assert done.err.startswith("Database of this project: postgresql://ann:***@127.0.0.1:1/x\n")
