"""SQL that each kind of database spells in its own way, for tests that run on several."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final, LiteralString, cast

from prisma.frozen import Frozen


class Spelling(Frozen):
    """The words of one kind of database.

    Attributes:
        begin: the statement that opens a transaction.
        parameter: what stands for the first parameter, as a whole number.
        cursors: a query for the open cursors of the client.
        waiting: a query for the sessions that wait for a lock; None where the client knows it.
        no_such_table: the code of the error for a table that is missing.
    """

    begin: LiteralString
    parameter: LiteralString
    cursors: LiteralString
    waiting: LiteralString | None
    no_such_table: str

    @abstractmethod
    def sleep(self, seconds: float) -> LiteralString:
        """Return a query that takes about so long and then answers `one`, which is 1."""
        raise NotImplementedError

    @abstractmethod
    def json_kind(self, column: LiteralString) -> LiteralString:
        """Return an expression for the kind of a JSON value: `object`, `string`, `null`."""
        raise NotImplementedError


def _literal(text: str) -> LiteralString:
    """Say that a text is safe: only a number was put into it."""
    return cast("LiteralString", text)


class PostgresqlSpelling(Spelling):
    def sleep(self, seconds: float) -> LiteralString:
        return _literal(f"SELECT 1 AS one FROM pg_sleep({seconds})")

    def json_kind(self, column: LiteralString) -> LiteralString:
        return f"jsonb_typeof({column})"


class SqliteSpelling(Spelling):
    def sleep(self, seconds: float) -> LiteralString:
        # SQLite does not sleep, it counts: some millions of steps in a second.
        count = int(seconds * 5_000_000)
        rows = f"SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {count}"
        return _literal(f"WITH RECURSIVE n (i) AS ({rows}) SELECT count(*) > 0 AS one FROM n")

    def json_kind(self, column: LiteralString) -> LiteralString:
        return f"replace(json_type({column}), 'text', 'string')"


class MysqlSpelling(Spelling):
    def sleep(self, seconds: float) -> LiteralString:
        return _literal(f"SELECT SLEEP({seconds}) + 1 AS one")

    def json_kind(self, column: LiteralString) -> LiteralString:
        return f"lower(json_type({column}))"


POSTGRESQL_SPELLING: Final = PostgresqlSpelling(
    begin="BEGIN",
    parameter="$1::int",
    cursors="SELECT name FROM pg_cursors WHERE name LIKE 'prisma%'",
    waiting="SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    no_such_table="42P01",
)
SQLITE_SPELLING: Final = SqliteSpelling(
    begin="BEGIN IMMEDIATE",
    parameter="?",
    cursors="SELECT 1 WHERE 0",  # none has a name here
    waiting=None,
    no_such_table="SQLITE_ERROR",
)
MYSQL_SPELLING: Final = MysqlSpelling(
    begin="START TRANSACTION",
    parameter="?",
    cursors="SELECT 1 AS name FROM DUAL WHERE 1 = 0",  # none has a name here
    waiting="SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    no_such_table="1146",
)
