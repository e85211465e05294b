"""What travels together: the beginning of a transaction with its first statement, its end with the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prisma.drivers.mysql._sync.connection import SyncMysqlConnection
from prisma.drivers.mysql._sync.session import SyncSession
from prisma.drivers.mysql.answer import Answer
from prisma.drivers.mysql.url import parse_mysql_url
from prisma.faults import DriverFault


class RecordingSession(SyncSession):
    """A session that keeps what it sends."""

    def run(self, sql: str, before_last: bool = False) -> Answer:
        self.sent = [*getattr(self, "sent", []), sql]
        return super().run(sql, before_last)

    def open_stream(self, sql: str) -> Any:
        self.sent = [*getattr(self, "sent", []), sql]
        return super().open_stream(sql)


@pytest.fixture
def session(mysql_server: Any) -> Iterator[RecordingSession]:
    made = RecordingSession.open(parse_mysql_url(mysql_server.url("mysql")), None)
    assert isinstance(made, RecordingSession)
    made.sent = []
    yield made
    made.close(5)


@pytest.fixture
def connection(session: RecordingSession, mysql_server: Any) -> SyncMysqlConnection:
    return SyncMysqlConnection(session, parse_mysql_url(mysql_server.url("mysql")), None)


def test_a_transaction(connection: SyncMysqlConnection, session: RecordingSession) -> None:
    connection.begin()
    first = connection.query("SELECT ? AS a", [1])
    connection.commit_along()
    second = connection.query("SELECT ? AS a UNION SELECT ?", [2, 3])
    connection.commit()
    assert (first, second, connection.in_transaction) == ([{"a": 1}], [{"a": 2}, {"a": 3}], False)
    assert session.sent == ["START TRANSACTION; SELECT  1  AS a", "SELECT  2  AS a UNION SELECT  3 ; COMMIT"]


def test_a_transaction_of_one_statement(connection: SyncMysqlConnection, session: RecordingSession) -> None:
    connection.begin("Serializable")
    connection.commit_along()
    assert connection.execute("DO ?", [1]) == 0
    connection.commit()
    opening = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION"
    assert (session.sent, connection.clean) == ([f"{opening}; DO  1 ; COMMIT"], True)


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_nothing_is_sent_for_nothing(connection: SyncMysqlConnection, session: RecordingSession, end: str) -> None:
    connection.begin()
    assert connection.in_transaction
    getattr(connection, end)()
    assert (session.sent, connection.in_transaction) == ([], False)


def test_a_first_statement_that_fails(connection: SyncMysqlConnection, session: RecordingSession) -> None:
    connection.begin()
    connection.commit_along()
    with pytest.raises(DriverFault):
        connection.query("SELECT nothing", [])
    assert connection.query("SELECT 1 AS a", []) == [{"a": 1}]
    connection.rollback()
    assert session.sent == ["START TRANSACTION; SELECT nothing; COMMIT", "SELECT 1 AS a", "ROLLBACK"]


@pytest.mark.parametrize("ending", [";", "; ", " -- a", " # a", " /* a */"])
def test_an_end_that_nothing_can_follow(
    connection: SyncMysqlConnection, session: RecordingSession, ending: str
) -> None:
    connection.begin()
    connection.commit_along()
    assert connection.query(f"SELECT 1 AS a{ending}", []) == [{"a": 1}]
    connection.commit()
    assert session.sent == [f"START TRANSACTION; SELECT 1 AS a{ending}", "COMMIT"]


def test_a_cursor(connection: SyncMysqlConnection, session: RecordingSession) -> None:
    connection.begin()
    connection.open_cursor("a", "SELECT ? AS a", [1])
    assert connection.fetch("a", 5) == [{"a": 1}]
    connection.commit()
    assert session.sent == ["START TRANSACTION", "SELECT  1  AS a", "COMMIT"]


@pytest.mark.schema("blog")
@pytest.mark.only_mysql
async def test_a_record_without_relations_is_created_by_one_statement(db: Any, mysql_server: Any) -> None:
    mysql_server.run("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1")
    try:
        made = await db.user.create({"name": "Ada", "score": 3})
    finally:
        mysql_server.run("SET GLOBAL general_log = 0")
    log = mysql_server.run("SELECT argument FROM mysql.general_log WHERE user_host LIKE 'prisma%'")
    [statement] = [text for row in log if (text := row[0] if isinstance(row[0], str) else row[0].decode())]
    assert (statement[:12], " RETURNING " in statement, made.name, made.score) == ("INSERT INTO ", True, "Ada", 3)
    assert await db.user.find_first() == made


def test_savepoints(connection: SyncMysqlConnection, session: RecordingSession) -> None:
    connection.begin()
    connection.command("SAVEPOINT a")
    connection.command("ROLLBACK TO SAVEPOINT a")
    connection.rollback()
    assert session.sent == ["START TRANSACTION; SAVEPOINT a", "ROLLBACK TO SAVEPOINT a", "ROLLBACK"]
