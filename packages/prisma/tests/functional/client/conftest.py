"""A client of the root schema, on a database that holds its tables and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prisma import Prisma

ROOT = Path(__file__).resolve().parents[5]


@pytest.fixture
def url(databases: Any) -> str:
    """The URL of an empty database with the schema's tables."""
    return databases.empty(sorted((ROOT / "migrations").glob("*/migration.sql")))


@pytest.fixture
def make_client(driver: str, packages: Any, threads: Any) -> Callable[..., Prisma]:
    """Make clients of a driver; the arguments are those of `Prisma`."""

    def make(**arguments: Any) -> Any:
        if driver == "asyncpg":
            # The one that programs use.
            from prisma import Prisma

            return Prisma(use_dotenv=False, **arguments)
        package = packages.get(ROOT / "schema.prisma", driver)
        return threads.adapt(package.Prisma(use_dotenv=False, **arguments))

    return make


@pytest.fixture
async def db(make_client: Callable[..., Prisma], url: str) -> AsyncIterator[Prisma]:
    """A connected client."""
    async with make_client(datasource={"url": url}) as client:
        yield client
