"""A client of the root schema, on a database that holds its tables and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prisma import Prisma

ROOT = Path(__file__).resolve().parents[5]


@pytest.fixture(scope="session")
def template(server: Any) -> str:
    """The name of a migrated database, to be copied."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}"')
    for migration in sorted((ROOT / "migrations").glob("*/migration.sql")):
        server.run(f'\\connect "{name}"\n{migration.read_text(encoding="utf-8")}')
    return name


@pytest.fixture
def url(server: Any, template: str) -> Iterator[str]:
    """The URL of a fresh copy of the template."""
    name = f"client_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield server.url(name)
    server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def db(url: str) -> AsyncIterator[Prisma]:
    """A connected client."""
    from prisma import Prisma

    async with Prisma(datasource={"url": url}, use_dotenv=False) as client:
        yield client
