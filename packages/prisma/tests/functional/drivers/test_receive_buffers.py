"""Answers of a server are received without asking the kernel for memory each time."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

QUERIES: Final = 500
# Prints the page faults of as many queries.
PROGRAM: Final = """
import asyncio, resource, sys
from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.url import parse_url

async def main(url, count):
    pool = AsyncpgPool(parse_url(url))
    connection = await pool.acquire()
    for faults in (0, resource.getrusage(resource.RUSAGE_SELF).ru_minflt):
        for number in range(count):
            await connection.query("SELECT $1::int AS one", [number])
        told = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults
    print(told)
    await pool.release(connection)
    await pool.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has a threshold")
@pytest.mark.default_client
def test_queries_cause_no_page_faults(database: str, driver: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, database, str(QUERIES)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < QUERIES // 2
