"""Twins: two databases with the same tables and rows, one for each of the clients under comparison."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import pymysql

from servers.mysql_tables import tables
from servers.sqlite import make_file

FOLDER = Path(__file__).parent
TABLES = (
    "users",
    "profiles",
    "accounts",
    "entries",
    "posts",
    "tags",
    "categories",
    "samples",
    "_follows",
    "_PostToTag",
)
SERIALS = ("users", "entries", "posts", "tags", "samples")
_CONTENTS = "SELECT json_build_object({})::text".format(
    ", ".join(
        [f"'{table}', (SELECT json_agg(t ORDER BY t::text) FROM \"{table}\" t)" for table in TABLES]
        + [f"'{table}_id_seq', (SELECT last_value FROM \"{table}_id_seq\")" for table in SERIALS]
    )
)
_START = datetime(1970, 1, 1, tzinfo=UTC)


class Twins(Protocol):
    """Two databases.

    Attributes:
        urls: theirs, for clients of Python.
        oracle_place: the words by which the oracle finds the second.
    """

    urls: tuple[str, str]
    oracle_place: tuple[str, ...]

    async def contents(self) -> list[str]:
        """Return everything in the first and in the second database, as JSON."""
        ...

    async def reset(self) -> None:
        """Put both databases into the state of the seed."""
        ...

    async def close(self) -> None:
        """Disconnect, and drop the databases."""
        ...


class PostgresTwins:
    """Two databases of one server; the oracle takes it for one of `provider`."""

    def __init__(self, server: Any, provider: str) -> None:
        self._server = server
        self._names = (f"ours_{uuid.uuid4().hex[:12]}", f"theirs_{uuid.uuid4().hex[:12]}")
        schema = (FOLDER / "schema.sql").read_text(encoding="utf-8")
        for name in self._names:
            server.create_database(name)
            server.run(f'\\connect "{name}"\n{schema}')
        self.urls = (server.url(self._names[0]), server.url(self._names[1]))
        self.oracle_place = (provider, str(server.socket_folder), self._names[1])
        self._connections: list[asyncpg.Connection[Any]] = []

    async def contents(self) -> list[str]:
        return await asyncio.gather(*(connection.fetchval(_CONTENTS) for connection in self._connections))

    async def reset(self) -> None:
        if not self._connections:
            host = str(self._server.socket_folder)
            self._connections = [
                await asyncpg.connect(host=host, user="postgres", database=name) for name in self._names
            ]
        seed = (FOLDER / "seed.sql").read_text(encoding="utf-8")
        await asyncio.gather(*(connection.execute(seed) for connection in self._connections))

    async def close(self) -> None:
        for connection in self._connections:
            await connection.close()
        for name in self._names:
            self._server.drop_database(name)


class SqliteTwins:
    """Two files."""

    def __init__(self, folder: Path, schema: str) -> None:
        paths = (folder / "ours.db", folder / "theirs.db")
        for path in paths:
            make_file(path, [("schema.prisma", schema)])
        self.urls = (f"file:{paths[0]}", f"file:{paths[1]}")
        self.oracle_place = ("sqlite", str(paths[1]))
        self._connections = [sqlite3.connect(path, isolation_level=None) for path in paths]

    async def contents(self) -> list[str]:
        tables = (*TABLES, "sqlite_sequence")
        return [json.dumps({table: _rows(connection, table) for table in tables}) for connection in self._connections]

    async def reset(self) -> None:
        seed = (FOLDER / "seed_sqlite.sql").read_text(encoding="utf-8")
        for connection in self._connections:
            connection.executescript(seed)

    async def close(self) -> None:
        for connection in self._connections:
            connection.close()


class MysqlTwins:
    """Two databases of one server."""

    def __init__(self, server: Any, schema: str) -> None:
        self._server = server
        self._names = (f"ours_{uuid.uuid4().hex[:12]}", f"theirs_{uuid.uuid4().hex[:12]}")
        for name in self._names:
            server.create_database(name)
            server.run(tables([("schema.prisma", schema)]), name)
        self.urls = (server.url(self._names[0]), server.url(self._names[1]))
        self.oracle_place = ("mysql", str(server.socket), self._names[1])
        self._connections: list[pymysql.Connection[Any]] = [server.connect(name) for name in self._names]
        for connection in self._connections:
            connection.cursor().execute("SET NAMES utf8mb4, FOREIGN_KEY_CHECKS = 0, time_zone = '+00:00'")

    async def contents(self) -> list[str]:
        return [json.dumps(_mysql_contents(connection)) for connection in self._connections]

    async def reset(self) -> None:
        seed = (FOLDER / "seed_mysql.sql").read_text(encoding="utf-8")
        for connection in self._connections:
            with connection.cursor() as cursor:
                cursor.execute(seed)
                while cursor.nextset():
                    pass
                for table in SERIALS:
                    cursor.execute(_COUNTER, (table,))
                    # To the greatest number of a row, and one.
                    if cursor.fetchall() != ((_COUNTERS[table],),):
                        cursor.execute(f"ALTER TABLE `{table}` AUTO_INCREMENT = 1")

    async def close(self) -> None:
        for connection in self._connections:
            connection.close()
        for name in self._names:
            self._server.run(f"DROP DATABASE `{name}`")


_COUNTERS = {"users": 5, "entries": 7, "posts": 8, "tags": 5, "samples": 5}
_COUNTER = "SELECT auto_increment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s"


def _mysql_contents(connection: pymysql.Connection[Any]) -> dict[str, Any]:
    contents: dict[str, Any] = {}
    with connection.cursor(pymysql.cursors.DictCursor) as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM `{table}`")
            rows = [{name: _of_mysql(value) for name, value in row.items()} for row in cursor.fetchall()]
            contents[table] = sorted(rows, key=json.dumps)
        for table in SERIALS:
            cursor.execute(_COUNTER, (table,))
            contents[f"{table}_counter"] = cursor.fetchall()
    return contents


def _of_mysql(value: object) -> object:
    match value:
        case bytes():
            return value.hex()
        case date():
            return value.isoformat()
        case Decimal() | timedelta():
            return str(value)
        case _:
            return value


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table with what is stored; moments as text, so that those of now can be told."""
    types = dict(connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall())
    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
    named = [
        {name: _shown(value, kind) for (name, kind), value in zip(types.items(), row, strict=True)} for row in rows
    ]
    return sorted(named, key=json.dumps)


def _shown(value: object, kind: str) -> object:
    if kind == "DATETIME" and isinstance(value, int):
        return (_START + timedelta(milliseconds=value)).isoformat()
    return value.hex() if isinstance(value, bytes) else value
