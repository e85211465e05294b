"""Pools and connections on real servers."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.psycopg._async.pool import AsyncPsycopgPool
from prisma.drivers.postgresql.psycopg._sync.pool import SyncPsycopgPool
from prisma.drivers.postgresql.url import ConnectionOptions, parse_url

POOLS: dict[str, Callable[[ConnectionOptions], Any]] = {
    "asyncpg": AsyncpgPool,
    "psycopg": AsyncPsycopgPool,
    "threads": SyncPsycopgPool,
}


# Removes what a test may have left behind.
TIDY = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', name);
        END LOOP;
    END $$;
    CREATE SCHEMA public;
"""


@pytest.fixture(scope="session")
def _shared(server: Any) -> Iterator[str]:
    name = f"drivers_{uuid.uuid4().hex[:12]}"
    server.create_database(name)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def database(_shared: str) -> Iterator[str]:
    """The URL of an empty database: the same each time, as making a new one takes ten times as long."""
    yield _shared
    with psycopg.connect(_shared, autocommit=True) as owner:
        owner.execute(TIDY)


@pytest.fixture
async def make_pool(driver: str, threads: Any) -> AsyncIterator[Callable[[str], ConnectionPool[Any]]]:
    """Make pools from URLs; they are closed after the test."""
    pools: list[ConnectionPool[Any]] = []

    def make(url: str) -> ConnectionPool[Any]:
        pools.append(threads.adapt(POOLS[driver](parse_url(url))))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close(0)


@pytest.fixture
async def pool(database: str, make_pool: Callable[[str], ConnectionPool[Any]]) -> ConnectionPool[Any]:
    """A pool of at most three connections to an empty database."""
    return make_pool(f"{database}&connection_limit=3")


@pytest.fixture
async def connection(pool: ConnectionPool[Any]) -> AsyncIterator[PostgresConnection]:
    """A connection to an empty database."""
    connection = await pool.acquire()
    yield connection
    await pool.release(connection)
