"""Connecting to a server: passwords, databases, ports, servers that do not answer, restarts."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prisma.drivers._async.pool import ConnectionPool
from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.faults import DriverFault, FaultKind
from servers import free_port
from servers.tcp import TcpServer

MakePool = Callable[[str], ConnectionPool[Any]]


async def refusal(pool: ConnectionPool[Any]) -> DriverFault:
    with pytest.raises(DriverFault) as caught:
        await pool.open()
    return caught.value


async def test_the_password_may_hold_any_character(tcp_server: TcpServer, make_pool: MakePool) -> None:
    await make_pool(tcp_server.url()).open()


async def test_a_wrong_password_is_refused_and_not_shown(tcp_server: TcpServer, make_pool: MakePool) -> None:
    fault = await refusal(make_pool(tcp_server.url(password="guess/1")))
    assert fault.kind is FaultKind.AUTHENTICATION_FAILED
    assert fault.fields["user"] == "postgres"
    assert "guess" not in f"{fault} {fault.fields}"


async def test_a_missing_password_is_a_wrong_one(tcp_server: TcpServer, make_pool: MakePool) -> None:
    fault = await refusal(make_pool(f"postgresql://postgres@localhost:{tcp_server.port}/postgres"))
    assert fault.kind is FaultKind.AUTHENTICATION_FAILED


async def test_a_missing_database(tcp_server: TcpServer, make_pool: MakePool) -> None:
    fault = await refusal(make_pool(tcp_server.url("nowhere")))
    assert (fault.kind, fault.fields["database"]) == (FaultKind.DATABASE_DOES_NOT_EXIST, "nowhere")


async def test_a_database_that_allows_no_connections(tcp_server: TcpServer, make_pool: MakePool) -> None:
    fault = await refusal(make_pool(tcp_server.url("closed")))
    assert fault.kind is FaultKind.DATABASE_ACCESS_DENIED


async def test_a_port_where_nothing_listens(make_pool: MakePool) -> None:
    port = free_port()
    fault = await refusal(make_pool(f"postgresql://u:secret@127.0.0.1:{port}/db"))
    place = {name: fault.fields[name] for name in ("host", "port")}
    assert (fault.kind, place) == (FaultKind.DATABASE_NOT_REACHABLE, {"host": "127.0.0.1", "port": port})
    assert "secret" not in f"{fault} {fault.fields}"


async def test_a_host_that_does_not_exist(make_pool: MakePool) -> None:
    fault = await refusal(make_pool("postgresql://u@host.invalid/db"))
    assert (fault.kind, fault.fields["host"]) == (FaultKind.DATABASE_NOT_REACHABLE, "host.invalid")


async def test_a_socket_that_does_not_exist(tmp_path: Path, make_pool: MakePool) -> None:
    fault = await refusal(make_pool(f"postgresql://u@localhost/db?host={tmp_path}"))
    assert (fault.kind, fault.fields["host"]) == (FaultKind.DATABASE_NOT_REACHABLE, str(tmp_path))


@pytest.mark.parametrize("sslmode", ["disable", "prefer", "require"])
async def test_a_server_that_does_not_answer(make_pool: MakePool, sslmode: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://u@127.0.0.1:{port}/db?connect_timeout=0.2&pool_timeout=0.1&sslmode={sslmode}"
        fault = await refusal(make_pool(url))
    assert (fault.kind, fault.fields["timeout"]) == (FaultKind.DATABASE_NOT_REACHABLE, 0.2)


async def test_a_server_that_hangs_up(make_pool: MakePool) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        fault = await refusal(make_pool(f"postgresql://u@127.0.0.1:{port}/db?sslmode=disable"))
    assert fault.kind is FaultKind.CONNECTION_CLOSED


async def test_too_many_connections(tcp_server: TcpServer, make_pool: MakePool) -> None:
    tcp_server.run("DROP ROLE IF EXISTS narrow")
    tcp_server.run("CREATE ROLE narrow LOGIN PASSWORD 'p' CONNECTION LIMIT 0")
    fault = await refusal(make_pool(f"postgresql://narrow:p@localhost:{tcp_server.port}/postgres"))
    assert fault.kind is FaultKind.TOO_MANY_CONNECTIONS


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_pool_survives_a_restart(tcp_server: TcpServer, make_pool: MakePool, mode: str) -> None:
    pool = make_pool(tcp_server.url(connection_limit="2"))
    idle, busy = await pool.acquire(), await pool.acquire()
    await pool.release(idle)
    running = asyncio.ensure_future(busy.query("SELECT pg_sleep(60)", []))
    # The statement must be on the server before that goes down.
    sleeping = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    while not await asyncio.to_thread(tcp_server.run, sleeping):
        pass
    await asyncio.to_thread(tcp_server.stop, mode)
    with pytest.raises(DriverFault) as broken:
        await running
    await pool.release(busy)
    # The other one hears of it a moment later.
    while not idle.closed:  # noqa: ASYNC110
        await asyncio.sleep(0)
    down = await refusal(pool)
    await asyncio.to_thread(tcp_server.start)
    await pool.open()
    connection = await pool.acquire()
    rows = await connection.query("SELECT 1 AS one", [])
    await pool.release(connection)
    assert (broken.value.kind, down.kind) == (FaultKind.CONNECTION_CLOSED, FaultKind.DATABASE_NOT_REACHABLE)
    assert [dict(row) for row in rows] == [{"one": 1}]
    assert (pool.stats.in_use, pool.stats.idle) == (0, 1)


@pytest.mark.tasks
async def test_a_connection_that_is_cancelled_while_it_is_made_reports_nothing(
    tcp_server: TcpServer, make_pool: MakePool
) -> None:
    loop = asyncio.get_running_loop()
    reports: list[str] = []
    loop.set_exception_handler(lambda _, context: reports.append(context["message"]))
    pool = make_pool(f"{tcp_server.url(host='127.0.0.1')}?connection_limit=1")
    try:
        # Whatever the step at which it is cancelled.
        for turns in range(25):
            task = asyncio.ensure_future(pool.acquire())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            (result,) = await asyncio.gather(task, return_exceptions=True)
            if isinstance(result, PostgresConnection):
                result.terminate()
                pool.release_nowait(result)
        await pool.close(0)
        gc.collect()
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(None)
    assert reports == []
