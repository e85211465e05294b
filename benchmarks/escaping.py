"""`python -m benchmarks.escaping`: values on MySQL or MariaDB, written and read back under every mode of the session.

Neither library sends parameters apart from the SQL text, so nothing but the form of a literal keeps a value inside of
it. Each value is made for that: quotes, backslashes, NUL, ends of characters in other character sets, all bytes,
numbers and moments at their limits. Each goes through a session with another SQL mode and another character set, over
asyncmy and over PyMySQL, into a table, and must come back as it was. What is told is how many did not.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from prisma.drivers.mysql._async.connection import AsyncMysqlConnection
from prisma.drivers.mysql._async.session import AsyncSession
from prisma.drivers.mysql._sync.connection import SyncMysqlConnection
from prisma.drivers.mysql._sync.session import SyncSession
from prisma.drivers.mysql.url import parse_mysql_url
from servers.mysql import MariaDb, mariadb_program

MODES: Final = (
    "",
    "NO_BACKSLASH_ESCAPES",
    "ANSI_QUOTES",
    "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
    "PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE",
    "ANSI",
    "TRADITIONAL",
    "ORACLE",
    "EMPTY_STRING_IS_NULL,NO_BACKSLASH_ESCAPES",
    "PAD_CHAR_TO_FULL_LENGTH,NO_ZERO_DATE,NO_ZERO_IN_DATE",
)
# Those that have characters of several bytes, whose second may look like a quote or a backslash; then some of one byte,
# and none. Not swe7, which has letters in the place of `[]{|}~: SQL itself is another text there.
CHARACTER_SETS: Final = (
    "utf8mb4", "utf8mb3", "gbk", "gb2312", "big5", "sjis", "cp932", "ujis", "eucjpms", "euckr",
    "latin1", "cp1251", "tis620", "greek", "ascii", "binary",
)  # fmt: skip
DRIVERS: Final = ("asyncmy", "PyMySQL")

BATCH: Final = 100
_COLUMNS: Final = {
    str: ("text", "LONGTEXT"),
    bytes: ("bytes", "LONGBLOB"),
    int: ("number", "BIGINT"),
    float: ("ratio", "DOUBLE"),
    Decimal: ("amount", "DECIMAL(65,30)"),
    datetime: ("moment", "DATETIME(6)"),
    date: ("day", "DATE"),
    timedelta: ("clock", "TIME(6)"),
    dict: ("document", "JSON"),
}
_TABLE: Final = "CREATE TABLE kept (id INT PRIMARY KEY, {}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin".format(
    ", ".join(f"`{name}` {kind}" for name, kind in _COLUMNS.values())
)
# What ends a literal or begins another, and characters whose bytes end with those of others: 縗 ends with a backslash
# in Big5, ソ in Shift-JIS; ¿ before a quote or a backslash is the half of a character in GBK.
_PIECES: Final = (
    "'", "''", '"', "`", "\\", "\\'", "\\\\", "\0", "\x1a", "\n", "\r", "\t", "\b", "--", "-- ", "/*", "*/", "/*!", "#",
    ";", "%", "_", "?", "%s", "${", "{", ")", "(", " ", "a", "0", "é", "¿", "¿'", "¿\\", "À\\", "縗", "縗'", "ソ",
    "ソ'", "表", "能", "功", "許", "誠", "誠'", "한", "\u0080", "\u00a0", "\u2028", "\ufeff", "\ufffd", "\uffff",
    "\ud7ff", "😀", "𝄞'", "\U0010ffff", "́", "ß", "ı", "NULL", "' OR 1=1 -- ", "X'00'", "_utf8mb4",
)  # fmt: skip
_STARTING: Final = datetime(1000, 1, 1)


def values(chance: random.Random, count: int) -> list[Any]:
    """Return values of all kinds; half of them are texts."""
    kinds = (_text, _text, _text, _text, _text, _bytes, _bytes, _number, _decimal, _moment)
    return [chance.choice(kinds)(chance) for _ in range(count)]


def _text(chance: random.Random) -> Any:
    match chance.randrange(5):
        case 0:
            return "".join(chr(chance.randrange(256)) for _ in range(chance.randint(0, 12)))
        case 1:
            return "".join(map(_character, [chance] * chance.randint(0, 8)))
        case 2:
            return {_joined(chance): [_joined(chance), _character(chance), None, 1.5]}
        case _:
            return _joined(chance)


def _joined(chance: random.Random) -> str:
    return "".join(chance.choices(_PIECES, k=chance.randint(0, 6)))


def _character(chance: random.Random) -> str:
    # No half of a surrogate pair, which is no text.
    return chr(chance.choice((chance.randrange(0xD800), chance.randrange(0xE000, 0x110000))))


def _bytes(chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return _joined(chance).encode(chance.choice(("utf-8", "gbk", "big5", "cp932", "latin-1")), "replace")
    return chance.randbytes(chance.randint(0, 16))


def _number(chance: random.Random) -> int | float:
    if chance.random() < 0.5:
        return chance.choice((0, 1, -1, 2**63 - 1, -(2**63), chance.randrange(-(2**63), 2**63)))
    while True:
        [number] = struct.unpack("d", chance.randbytes(8))
        # Neither NaN nor infinity; the server keeps no numbers below the least normal one.
        if 2.3e-308 < abs(number) < 1.7e308:
            return number


def _decimal(chance: random.Random) -> Decimal:
    digits = map(int, str(chance.randrange(10 ** chance.randint(1, 65))))
    return Decimal((chance.randrange(2), tuple(digits), -30))


def _moment(chance: random.Random) -> datetime | date | timedelta:
    moment = _STARTING + timedelta(days=chance.randrange(3_200_000), microseconds=chance.randrange(86_400_000_000))
    match chance.randrange(3):
        case 0:
            return moment
        case 1:
            return moment.date()
        case _:
            return timedelta(microseconds=chance.randrange(-838 * 3_600_000_000, 838 * 3_600_000_000))


def sent(value: Any) -> Any:
    """Return a value as the client gives it to a driver."""
    match value:
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case datetime():
            return value.replace(tzinfo=UTC)
        case timedelta() if timedelta(0) <= value < timedelta(days=1):
            return (datetime.min + value).time()
        case _:
            return value


def is_same(value: Any, found: Any) -> bool:
    """Say whether what was read is what was written."""
    if isinstance(value, dict):
        return json.loads(found) == value
    return type(found) is type(value) and found == value


@dataclass(frozen=True)
class Wrong:
    """A value that did not come back, and where."""

    driver: str
    mode: str
    characters: str
    value: Any
    found: Any


class Blocking:
    """A connection over PyMySQL, with the methods of the other one."""

    def __init__(self, url: str) -> None:
        options = parse_mysql_url(url)
        self._connection = SyncMysqlConnection(SyncSession.open(options, None), options, None)

    async def execute(self, sql: str, args: Sequence[object]) -> int:
        return self._connection.execute(sql, args)

    async def query(self, sql: str, args: Sequence[object]) -> Any:
        return self._connection.query(sql, args)

    async def close(self, timeout: float) -> None:
        self._connection.close(timeout)


async def connect(url: str, driver: str) -> Any:
    if driver == "PyMySQL":
        return Blocking(url)
    options = parse_mysql_url(url)
    return AsyncMysqlConnection(await AsyncSession.open(options, None), options, None)


async def _in_session(connection: Any, driver: str, mode: str, characters: str, given: Sequence[Any]) -> list[Wrong]:
    # Results stay in the usual set, as the libraries read them so.
    await connection.execute(
        f"SET sql_mode = '{mode}', character_set_client = {characters}, character_set_connection = {characters}", []
    )
    wrong: list[Wrong] = []
    for start in range(0, len(given), BATCH):
        batch = given[start : start + BATCH]
        await connection.execute("DELETE FROM kept", [])
        for names, rows in _by_column(batch):
            marks = ", ".join(["(?, ?)"] * len(rows))
            args = [part for number, value in rows for part in (number, sent(value))]
            await connection.execute(f"INSERT INTO kept (id, {names}) VALUES {marks}", args)
        found = {row["id"]: row for row in await connection.query("SELECT * FROM kept", [])}
        wrong += [
            Wrong(driver, mode, characters, value, found.get(number, {}).get(_COLUMNS[type(value)][0]))
            for number, value in enumerate(batch)
            if not is_same(value, found.get(number, {}).get(_COLUMNS[type(value)][0]))
        ]
    return wrong


def _by_column(batch: Sequence[Any]) -> Iterator[tuple[str, list[tuple[int, Any]]]]:
    for kind, (name, _) in _COLUMNS.items():
        rows = [(number, value) for number, value in enumerate(batch) if type(value) is kind]
        if rows:
            yield f"`{name}`", rows


async def check(server: MariaDb, count: int, seed: int) -> list[Wrong]:
    """Write and read `count` values, spread over all drivers, modes and character sets; return those that changed."""
    url = server.create_database("escaping")
    server.run(_TABLE, "escaping")
    cases = list(itertools.product(DRIVERS, MODES, CHARACTER_SETS))
    each = -(-count // len(cases))
    wrong: list[Wrong] = []
    try:
        for driver, mode, characters in cases:
            chance = random.Random(f"{seed} {driver} {mode} {characters}")
            connection = await connect(url, driver)
            try:
                wrong += await _in_session(connection, driver, mode, characters, values(chance, each))
            finally:
                await connection.close(5)
    finally:
        server.run("DROP DATABASE escaping")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.escaping", description=__doc__)
    parser.add_argument("--values", type=int, default=100_000, help="how many, of all sessions together")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program = mariadb_program()
    if program is None:
        sys.exit("MariaDB is not installed (Debian: apt-get install mariadb-server-core).")
    server = MariaDb(program)
    started = time.monotonic()
    try:
        server.start()
        wrong = asyncio.run(check(server, options.values, options.seed))
    finally:
        server.destroy()
    for each in wrong[:20]:
        print(each)
    sessions = len(DRIVERS) * len(MODES) * len(CHARACTER_SETS)
    seconds = time.monotonic() - started
    print(f"{options.values} values in {sessions} kinds of sessions, {len(wrong)} wrong, {seconds:.0f} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
