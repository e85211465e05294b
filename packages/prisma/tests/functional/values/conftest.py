"""A client of a schema with columns of every type, and PostgreSQL's own word on what they hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

FOLDER = Path(__file__).parent


@pytest.fixture
def url(databases: Any) -> str:
    """The URL of a database with the schema's tables."""
    return databases.empty([FOLDER / "tables.sql"])


@pytest.fixture
async def db(driver: str, packages: Any, threads: Any, url: str) -> AsyncIterator[Any]:
    """A connected client."""
    package = packages.get(FOLDER / "schema.prisma", driver)
    async with threads.adapt(package.Prisma(datasource={"url": url}, use_dotenv=False)) as client:
        yield client


@pytest.fixture
def sql(server: Any, url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, where texts come in and go out as they are."""
    name = url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(host=str(server.socket_folder), user="postgres", dbname=name, autocommit=True) as connection:
        connection.execute("SET TimeZone = UTC; SET bytea_output = hex")
        yield connection
