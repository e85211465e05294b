"""A database with every migration applied, for each test that asks."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prisma.migrate import deploy

if TYPE_CHECKING:
    from conftest import Server

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def migrated_template(server: Server) -> Generator[str]:
    """The name of a migrated database that others are copied from, which is faster than migrating each."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}"')
    asyncio.run(deploy(ROOT / "migrations", server.url(name)))
    yield name
    server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def migrated(server: Server, migrated_template: str) -> Generator[str]:
    """The URL of a new database with every migration applied and no rows."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_template}"')
    yield server.url(name)
    server.run(f'DROP DATABASE "{name}" WITH (FORCE)')
