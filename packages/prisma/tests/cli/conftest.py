"""A project in a temporary folder, and the `prisma` command, run there as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import pytest

from prisma.cli.official.nodejs import find_node
from prisma.cli.official.packages import installed

TIMEOUT = 110
SCHEMA = """\
datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_DATABASE_URL")
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
# Variables of the machine that tests must not see.
UNWANTED = ("DATABASE_URL", "DIRECT_DATABASE_URL", "SHADOW_DATABASE_URL", "CHECKPOINT_DISABLE", "NODE_OPTIONS")


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass
class Project:
    """A folder with a schema, and the environment that commands run in."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def use(self, url: str) -> None:
        self.environment["DATABASE_URL"] = url

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "prisma", *words]

    def full_environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
        return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1", **self.environment, **(more or {})}

    def run(self, *words: str, stdin: str = "", more: Mapping[str, str] | None = None) -> Done:
        return self.start(self.command(*words), stdin, more)

    def start(self, command: Sequence[str], stdin: str = "", more: Mapping[str, str] | None = None) -> Done:

        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.full_environment(more),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a small schema and no database yet."""
    project = Project(tmp_path)
    project.write("schema.prisma", SCHEMA)
    return project


@pytest.fixture(scope="session")
def official_cli() -> None:
    """Prisma's CLI is installed: the command that installs it says so among its other words."""
    installed(find_node())


@pytest.fixture
def query() -> Callable[..., Awaitable[list[Any]]]:
    """Run SQL on the database of a URL and return the first column."""

    async def fetch(url: str, sql: str) -> list[Any]:
        parts = urlsplit(url)
        folder = parse_qs(parts.query)["host"][0]
        connection = await asyncpg.connect(
            user=parts.username, host=folder, database=unquote(parts.path.removeprefix("/"))
        )
        try:
            return [row[0] for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return fetch
