"""A client of a schema with every scalar type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

PLANS = Path(__file__).resolve().parents[2] / "plans"


@pytest.fixture
async def db(driver: str, packages: Any, threads: Any, databases: Any) -> AsyncIterator[Any]:
    """A client that is connected to a database with the schema's tables."""
    package = packages.get(PLANS / "schema.prisma", driver)
    url = databases.empty([PLANS / "schema.sql"])
    async with threads.adapt(package.Prisma(datasource={"url": url}, use_dotenv=False)) as client:
        yield client
