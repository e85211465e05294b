"""URLs with several servers: what is passed over, within which time, and what is said if none will do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator

import pytest

from prisma.drivers.mysql._async.pool import AsyncMysqlPool
from prisma.drivers.mysql._sync.pool import SyncMysqlPool
from prisma.drivers.mysql.url import parse_mysql_url
from prisma.engine.error_codes import describe
from prisma.faults import DriverFault
from servers import free_port
from servers.mysql import MariaDb, mariadb_program

Dial = Callable[[str], object]


async def dial_async(url: str) -> None:
    pool = AsyncMysqlPool(parse_mysql_url(url))
    connection = await pool.acquire()
    await connection.query("SELECT 1", [])
    await pool.release(connection)
    await pool.close(0)


def dial_sync(url: str) -> None:
    pool = SyncMysqlPool(parse_mysql_url(url))
    connection = pool.acquire()
    connection.query("SELECT 1", [])
    pool.release(connection)
    pool.close(0)


@pytest.fixture(params=["asyncio", "threads"])
def dial(request: pytest.FixtureRequest) -> Dial:
    """Connect by a URL, and make a query."""
    return dial_sync if request.param == "threads" else lambda url: asyncio.run(dial_async(url))


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def url(server: MariaDb, *places: str, password: str | None = None) -> str:
    login, _, rest = server.url("mysql", connect_timeout="1").rpartition("@")
    if password is not None:
        login = f"{login.rpartition(':')[0]}:{password}"
    return f"{login}@{','.join(places)}/{rest.partition('/')[2]}"


def test_servers_that_do_not_answer_are_passed_over(mysql_server: MariaDb, dial: Dial, silent: int) -> None:
    dead, here = free_port(), f"127.0.0.1:{mysql_server.port}"
    dial(url(mysql_server, f"127.0.0.1:{dead}", "nosuch.invalid", f"[::1]:{dead}", f"127.0.0.1:{silent}", here))


def test_each_server_is_named_with_its_reason(mysql_server: MariaDb, dial: Dial, silent: int) -> None:
    dead = free_port()
    with pytest.raises(DriverFault) as caught:
        dial(url(mysql_server, f"127.0.0.1:{silent}", f"127.0.0.1:{dead}"))
    described = describe(caught.value.kind, caught.value.fields)
    first, second = described.message.partition(". ")[2].split("; ")
    assert described.code == "P1001"
    assert first == f"`127.0.0.1:{silent}`: The database server did not answer in time."
    assert second.startswith(f"`127.0.0.1:{dead}`: Can't connect to MySQL server on '127.0.0.1'")


@pytest.fixture
def pair() -> Iterator[tuple[MariaDb, MariaDb]]:
    """Two servers with a user that can't write where a server is read-only, and a table of the same name."""
    program = mariadb_program()
    assert program is not None
    servers = (MariaDb(program), MariaDb(program))
    for server in servers:
        server.start()
        server.run(
            "CREATE DATABASE shop; CREATE TABLE shop.t (a INT); "
            "CREATE USER app@'%' IDENTIFIED BY 'x'; GRANT SELECT, INSERT ON shop.* TO app@'%'"
        )
    yield servers
    for server in servers:
        server.destroy()


def test_a_server_that_becomes_read_only_is_left(pair: tuple[MariaDb, MariaDb]) -> None:
    old, new = pair
    places = f"127.0.0.1:{old.port},127.0.0.1:{new.port}"
    options = parse_mysql_url(f"mysql://app:x@{places}/shop?connection_limit=3&target_session_attrs=read-write")
    new.run("SET GLOBAL read_only = 1")
    pool = SyncMysqlPool(options)
    idle, lent, writer = (pool.acquire() for _ in range(3))
    pool.release(idle)
    # The roles change.
    old.run("SET GLOBAL read_only = 1")
    with pytest.raises(DriverFault) as none:
        SyncMysqlPool(options).acquire()
    new.run("SET GLOBAL read_only = 0")
    with pytest.raises(DriverFault) as refused:
        writer.execute("INSERT INTO t VALUES (1)", [])
    pool.release(writer)
    # What still works goes on until it comes back.
    assert lent.query("SELECT @@port AS port", [])[0]["port"] == old.port
    pool.release(lent)
    ports: list[object] = []
    for _ in range(3):
        connection = pool.acquire()
        connection.execute("INSERT INTO t VALUES (1)", [])
        ports.append(connection.query("SELECT @@port AS port", [])[0]["port"])
        pool.release(connection)
    pool.close(0)
    unreachable, error = describe(none.value.kind, none.value.fields), refused.value
    reason = "the server is read-only, and target_session_attrs is read-write"
    assert ports == [new.port] * 3
    assert (error.fields["sqlstate"], unreachable.code) == ("1290", "P1001")
    assert none.value.fields["reasons"] == {f"127.0.0.1:{server.port}": reason for server in pair}


def test_a_wrong_password_is_the_answer_of_the_first(mysql_server: MariaDb, dial: Dial) -> None:
    here = f"127.0.0.1:{mysql_server.port}"
    with pytest.raises(DriverFault) as caught:
        dial(url(mysql_server, here, here, password="wrong"))
    assert describe(caught.value.kind, caught.value.fields).code == "P1000"
