"""The pool for threads: fairness, forks, and statements that another thread ends."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from prisma.drivers.postgresql.psycopg._sync.pool import SyncPsycopgConnection, SyncPsycopgPool
from prisma.drivers.postgresql.url import parse_url
from prisma.drivers.results import PoolStats
from prisma.faults import DriverFault

IDLE = PoolStats(in_use=0, idle=1, limit=1, waiting=0)


@pytest.fixture
def pool(database: str) -> Iterator[SyncPsycopgPool]:
    """A pool of one connection."""
    pool = SyncPsycopgPool(parse_url(f"{database}&connection_limit=1"))
    yield pool
    pool.close(0)


def until(condition: Callable[[], bool]) -> None:
    """Let other threads run until the condition holds."""
    limit = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.001)


def test_first_come_first_served(pool: SyncPsycopgPool) -> None:
    served: list[int] = []

    def visit(number: int) -> None:
        connection = pool.acquire()
        connection.query("SELECT 1", [])
        served.append(number)
        pool.release(connection)

    held = pool.acquire()
    visits = [threading.Thread(target=visit, args=[number]) for number in range(20)]
    for number, thread in enumerate(visits, 1):
        thread.start()
        until(lambda number=number: pool.stats.waiting == number)
    pool.release(held)
    for thread in visits:
        thread.join()
    assert (served, pool.stats) == (list(range(20)), IDLE)


def test_threads_share_what_there_is(pool: SyncPsycopgPool) -> None:
    answers: list[tuple[int, object]] = []

    def work(number: int) -> None:
        for turn in range(20):
            connection = pool.acquire()
            rows = connection.query("SELECT $1::int AS number", [number * 100 + turn])
            answers.append((number * 100 + turn, rows[0]["number"]))
            pool.release(connection)

    workers = [threading.Thread(target=work, args=[number]) for number in range(10)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert (len(answers), [pair for pair in answers if pair[0] != pair[1]], pool.stats) == (200, [], IDLE)


def test_another_thread_ends_a_statement(pool: SyncPsycopgPool) -> None:
    connection = pool.acquire()
    faults: list[DriverFault] = []

    def sleep() -> None:
        try:
            connection.query("SELECT pg_sleep(60)", [])
        except DriverFault as fault:
            faults.append(fault)

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    watch = SyncPsycopgPool(pool.options)
    watcher = watch.acquire()
    sql = "SELECT 1 AS one FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    until(lambda: len(watcher.query(sql, [])) == 1)
    watch.release(watcher)
    watch.close()
    connection.cancel()
    sleeper.join()
    rows = connection.query("SELECT 1 AS one", [])
    pool.release(connection)
    assert ([fault.fields["sqlstate"] for fault in faults], rows, pool.stats) == (["57014"], [{"one": 1}], IDLE)


def backend(connection: SyncPsycopgConnection) -> object:
    return connection.query("SELECT pg_backend_pid() AS pid", [])[0]["pid"]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_its_own_connections(pool: SyncPsycopgPool) -> None:
    connection = pool.acquire()
    before = backend(connection)
    pool.release(connection)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            own = pool.acquire()
            status = 0 if backend(own) != before and pool.stats.in_use == 1 else 1
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    again = pool.acquire()
    after = backend(again)
    pool.release(again)
    assert (status, after == before, pool.stats) == (0, True, IDLE)
