"""A client of a small schema with a field of every kind, over every driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def package(driver: str, packages: Any) -> Any:
    """The generated package."""
    return packages.get(HERE / "schema.prisma", driver)


@pytest.fixture
def make_client(package: Any, threads: Any, databases: Any) -> Callable[..., Any]:
    """Make clients on an empty database with the tables."""
    url = databases.empty([HERE / "tables.sql"])

    def make(**arguments: Any) -> Any:
        return threads.adapt(package.Prisma(datasource={"url": url}, use_dotenv=False, **arguments))

    return make


@pytest.fixture
async def db(make_client: Callable[..., Any]) -> AsyncIterator[Any]:
    """A connected client."""
    async with make_client() as client:
        yield client


@pytest.fixture
async def ada(db: Any) -> Any:
    """A user with two posts."""
    return await db.user.create(
        {"name": "Ada", "score": 3, "posts": {"create": [{"title": "first", "views": 5}, {"title": "second"}]}},
        include={"posts": True},
    )
