"""A pool across event loops and forked processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, gc, os, sys, warnings
from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.psycopg._async.pool import AsyncPsycopgPool
from prisma.drivers.postgresql.url import parse_url

pool = {"asyncpg": AsyncpgPool, "psycopg": AsyncPsycopgPool}[sys.argv[2]](parse_url(sys.argv[1]))

async def ask():
    connection = await pool.acquire()
    try:
        return (await connection.query("SELECT pg_backend_pid() AS pid", []))[0]["pid"]
    finally:
        await pool.release(connection)

async def count():
    connection = await pool.acquire()
    try:
        sql = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
        for _ in range(200):
            n = (await connection.query(sql, []))[0]["n"]
            if n == 1:
                break
            await asyncio.sleep(0.01)
        return n
    finally:
        await pool.release(connection)
"""

LOOPS = """
pids = {asyncio.run(ask()) for _ in range(3)}
print(len(pids), asyncio.run(count()), pool.stats.in_use)
"""

CLOSED_LOOPS = """
warnings.simplefilter("ignore", ResourceWarning)  # the loop below is closed with a transport open
for _ in range(2):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(ask())
    loop.close()
print(asyncio.run(count()), pool.stats.in_use)
"""

FORKS = """
loop = asyncio.new_event_loop()
before = loop.run_until_complete(ask())
child = os.fork()
if child == 0:
    mine = asyncio.run(ask())
    gc.collect()
    os._exit(0 if mine != before else 1)
status = os.waitpid(child, 0)[1]
after = loop.run_until_complete(ask())
loop.run_until_complete(pool.close())
loop.close()
print(status, before == after)
"""


@pytest.mark.tasks
@pytest.mark.parametrize(("body", "expected"), [(LOOPS, "3 1 0\n"), (CLOSED_LOOPS, "1 0\n"), (FORKS, "0 True\n")])
def test_event_loops_and_processes(database: str, driver: str, body: str, expected: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", PROGRAM + body, database, driver],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert (done.stdout, done.stderr, done.returncode) == (expected, "", 0)
