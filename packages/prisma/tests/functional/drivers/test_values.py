"""Values of PostgreSQL's types, in and out, alone, as arrays, and as NULL."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv6Address
from uuid import UUID

import pytest

from prisma.drivers.postgresql._async.connection import PostgresConnection
from prisma.faults import DriverFault, FaultKind

PLUS_TWO = timezone(timedelta(hours=2))
MINUS_TWO = timezone(timedelta(hours=-2))
NOON = datetime(2024, 2, 29, 12, 30, 15, 123456)
KEY = UUID("12345678-1234-5678-1234-567812345678")


# Type, what goes in, what comes out.
CASES: list[tuple[str, object, object]] = [
    ("int2", -32768, -32768),
    ("int4", 2147483647, 2147483647),
    ("int4", "5", 5),
    ("int4", 5.0, 5),
    ("int4", Decimal(5), 5),
    ("int4", True, 1),
    ("int8", -9223372036854775808, -9223372036854775808),
    ("oid", 4294967295, 4294967295),
    ("float4", 1.5, 1.5),
    ("float4", 0.1, 0.1),
    ("float8", 1e300, 1e300),
    ("float8", 3, 3.0),
    ("float8", "0.1", 0.1),
    ("float8", Decimal("0.1"), 0.1),
    ("numeric", Decimal("12345678901234567890.123456789"), Decimal("12345678901234567890.123456789")),
    ("numeric", 1, Decimal(1)),
    ("numeric", 0.1, Decimal("0.1")),
    ("numeric", "1e3", Decimal(1000)),
    ("bool", True, True),
    ("bool", "f", False),
    ("bool", 1, True),
    ("text", "é\n'\"\\", "é\n'\"\\"),
    ("text", 5, "5"),
    ("text", True, "true"),
    ("text", KEY, str(KEY)),
    ("varchar(3)", "abc", "abc"),
    ("char(3)", "a", "a  "),
    ("name", "pg", "pg"),
    ('"char"', "x", "x"),
    ("mood", "happy", "happy"),
    ("positive", 7, 7),
    ("uuid", str(KEY), KEY),
    ("uuid", KEY, KEY),
    ("bytea", b"\x00\xff", b"\x00\xff"),
    ("bytea", "\\x00ff", b"\x00\xff"),
    ("json", '{"a": [1, null]}', '{"a": [1, null]}'),
    ("jsonb", '{"a":[1]}', '{"a": [1]}'),
    ("jsonb", {"a": [1]}, '{"a": [1]}'),
    ("jsonb", 5, "5"),
    ("inet", IPv6Address("::ffff:1.2.3.4"), "::ffff:1.2.3.4"),
    ("inet", "10.0.0.1/8", "10.0.0.1/8"),
    ("cidr", "10.0.0.0/8", "10.0.0.0/8"),
    ("macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03"),
    ("money", "1234.50", "$1,234.50"),
    ("money", Decimal("0.5"), "$0.50"),
    ("timestamp", NOON.replace(tzinfo=UTC), NOON.replace(tzinfo=UTC)),
    ("timestamp", NOON.replace(tzinfo=PLUS_TWO), NOON.replace(tzinfo=UTC) - timedelta(hours=2)),
    ("timestamp", NOON, NOON.replace(tzinfo=UTC)),
    ("timestamp", "2024-02-29T12:30:15.123456Z", NOON.replace(tzinfo=UTC)),
    ("timestamp", date(2024, 2, 29), datetime(2024, 2, 29, tzinfo=UTC)),
    ("timestamptz", NOON.replace(tzinfo=UTC), NOON.replace(tzinfo=UTC)),
    ("timestamptz", NOON.replace(tzinfo=PLUS_TWO), NOON.replace(tzinfo=UTC) - timedelta(hours=2)),
    ("timestamptz", NOON, NOON.replace(tzinfo=UTC)),
    ("timestamptz", "2024-02-29 12:30:15.123456", NOON.replace(tzinfo=UTC)),
    ("date", datetime(2024, 2, 29, tzinfo=UTC), date(2024, 2, 29)),
    ("date", datetime(2024, 3, 1, 1, tzinfo=PLUS_TWO), date(2024, 2, 29)),
    ("date", date(2024, 2, 29), date(2024, 2, 29)),
    ("date", "2024-02-29", date(2024, 2, 29)),
    ("time", datetime(1970, 1, 1, 12, 30, tzinfo=UTC), "12:30:00"),
    ("time", time(14, 30, tzinfo=PLUS_TWO), "12:30:00"),
    ("time", "12:30:00", "12:30:00"),
    ("timetz", datetime(1970, 1, 1, 1, 30, tzinfo=PLUS_TWO), "23:30:00+00"),
    ("timetz", time(12, 30), "12:30:00+00"),
    ("timetz", "12:30:00+02:00", "10:30:00+00"),
    ("interval", timedelta(days=1, seconds=2), "1 day 00:00:02"),
    ("interval", "1 year 2 mons 3 days 02:03:04.5", "1 year 2 mons 3 days 02:03:04.5"),
    ("bit(3)", "101", "101"),
    ("varbit", "1011001110", "1011001110"),
    ("point", "(1,2)", "(1,2)"),
    ("int4range", "[1,5]", "[1,6)"),
    ("tstzmultirange", "{[2024-01-01 00:00+00,)}", '{["2024-01-01 00:00:00+00",)}'),
    ("pair", '(1,"a b")', '(1,"a b")'),
    ("steps", "(0,1)", "(0,1)"),
    ("tsvector", "a b", "'a' 'b'"),
]


def cases(driver: str) -> list[tuple[str, object, object]]:
    return [(name, value, _otherwise(name, result, driver)) for name, value, result in CASES]


def _otherwise(name: str, result: object, driver: str) -> object:
    # psycopg gives timestamps without a zone, which the data map makes aware.
    if driver != "asyncpg" and name == "timestamp" and isinstance(result, datetime):
        return result.replace(tzinfo=None)
    return result


EXTRAS = """
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE DOMAIN positive AS int CHECK (value > 0);
    CREATE TYPE pair AS (number int, text text);
    CREATE TYPE steps AS RANGE (subtype = int4);
    CREATE TYPE label AS ENUM ('', 'NULL', 'null', 'a, {b}', 'a "b" \\c', ' d ');
    CREATE DOMAIN flags AS varbit;
    SET TimeZone = UTC;
"""

# Arrays whose elements come as text.
TEXT_ARRAYS: list[tuple[str, list[object]]] = [
    ("varbit[]", ["1", "", None, ""]),
    ("flags[]", ["", "0"]),
    ("tsvector[]", ["", "'a'"]),
    ("label[]", ["", "NULL", "null", "a, {b}", 'a "b" \\c', " d ", None]),
    ("label[]", [["", "null"], [None, " d "]]),
    ("label[]", []),
    ("box[]", ["(1,1),(0,0)", None, "(2,2),(0,0)"]),
    ("pair[]", ['(1,"a ""b"" \\\\c")', "(,)"]),
]


@pytest.fixture
async def types(connection: PostgresConnection) -> PostgresConnection:
    await connection.command(EXTRAS)
    return connection


async def test_values(types: PostgresConnection, driver: str) -> None:
    results: list[tuple[str, object, object]] = []
    for name, value, _ in cases(driver):
        rows = await types.query(f"SELECT $1::{name} AS one", [value])
        results.append((name, value, rows[0]["one"]))
    assert results == cases(driver)


async def test_arrays(types: PostgresConnection, driver: str) -> None:
    results: list[tuple[str, object, object]] = []
    for name, value, _ in cases(driver):
        rows = await types.query(f"SELECT $1::{name}[] AS many", [[value, None, value]])
        results.append((name, value, rows[0]["many"]))
    assert results == [(name, value, [result, None, result]) for name, value, result in cases(driver)]


async def test_null_and_empty_and_nested_arrays(types: PostgresConnection) -> None:
    names = sorted({name for name, _, _ in CASES})
    for name in names:
        rows = await types.query(
            f"SELECT $1::{name} AS one, $2::{name}[] AS none, $3::{name}[] AS empty", [None, None, []]
        )
        assert (name, dict(rows[0])) == (name, {"one": None, "none": None, "empty": []})
    nested = await types.query("SELECT $1::int4[] AS numbers", [[["1", 2], [3.0, None]]])
    assert nested[0]["numbers"] == [[1, 2], [3, None]]


async def test_the_server_says_what_a_parameter_is(types: PostgresConnection) -> None:
    sql = "SELECT 1 AS one FROM (VALUES (1), (2)) AS t(n) HAVING AVG(n) > $1 AND COUNT(*) = $2 AND 'a' || $3 = 'a5'"
    assert [dict(row) for row in await types.query(sql, [1, "2", 5])] == [{"one": 1}]


@pytest.mark.parametrize(
    ("type_name", "value", "kind"),
    [
        ("int4", 2**31, FaultKind.VALUE_OUT_OF_RANGE),
        ("int2", -(2**15) - 1, FaultKind.VALUE_OUT_OF_RANGE),
        ("int8", 2**63, FaultKind.VALUE_OUT_OF_RANGE),
        ("float4", 1e300, FaultKind.VALUE_OUT_OF_RANGE),
        ("float4", 1e-300, FaultKind.VALUE_OUT_OF_RANGE),
        ("float4[]", [0.5, -1e300], FaultKind.VALUE_OUT_OF_RANGE),
        ("int4", 1.5, FaultKind.INVALID_INPUT_VALUE),
        ("int4", "one", FaultKind.INVALID_INPUT_VALUE),
        ("numeric", "one", FaultKind.INVALID_INPUT_VALUE),
        ("float8", [], FaultKind.INVALID_INPUT_VALUE),
        ("bool", "perhaps", FaultKind.INVALID_INPUT_VALUE),
        ("uuid", "12", FaultKind.INVALID_INPUT_VALUE),
        ("bytea", "text", FaultKind.INVALID_INPUT_VALUE),
        ("timestamptz", "yesterday", FaultKind.INVALID_INPUT_VALUE),
        ("date", 5, FaultKind.INVALID_INPUT_VALUE),
        ("interval", "2 moons", FaultKind.DATABASE_ERROR),
        ("inet", "somewhere", FaultKind.INVALID_INPUT_VALUE),
        ("mood", "angry", FaultKind.INVALID_INPUT_VALUE),
        ("text", b"bytes", FaultKind.INVALID_INPUT_VALUE),
        ("int4[]", 5, FaultKind.INVALID_INPUT_VALUE),
        ("int4[]", [[1], [2, 3]], FaultKind.INVALID_INPUT_VALUE),
        ("jsonb", "{", FaultKind.INVALID_INPUT_VALUE),
    ],
)
async def test_values_that_do_not_fit(
    types: PostgresConnection, type_name: str, value: object, kind: FaultKind
) -> None:
    # The second time the statement is a kept one.
    sql = f"SELECT $1::{type_name} AS one"
    kinds: list[FaultKind] = []
    for _ in range(2):
        with pytest.raises(DriverFault) as caught:
            await types.query(sql, [value])
        kinds.append(caught.value.kind)
        await types.query(sql, [None])
    assert kinds == [kind, kind]


async def test_a_value_that_does_not_fit_is_named(types: PostgresConnection) -> None:
    with pytest.raises(DriverFault) as caught:
        await types.query("SELECT $1::text, $2::int4", ["a", "b"])
    assert caught.value.fields == {
        "message": "Parameter $2 has the type int4, which can't hold 'b'.",
        "parameter": 2,
        "type": "int4",
    }


async def test_raw_rows_tell_their_types(types: PostgresConnection) -> None:
    sql = "SELECT 1::int8 AS a, 'x' AS a, ARRAY['happy'::mood] AS c, $1::numeric, NULL::positive AS e, '{}'::jsonb AS f"
    raw = await types.query_raw(sql, ["1.50"])
    assert (raw.names, raw.types) == (
        ("a", "a", "c", "numeric", "e", "f"),
        ("int8", "text", "_mood", "numeric", "int4", "jsonb"),
    )
    assert [tuple(row) for row in raw.rows] == [(1, "x", ["happy"], Decimal("1.50"), None, "{}")]


async def test_raw_rows_of_nothing(types: PostgresConnection) -> None:
    raw = await types.query_raw("CREATE TEMP TABLE t (n int)", [])
    empty = await types.query_raw("SELECT n FROM t", [])
    assert (raw.names, list(raw.rows), empty.names, list(empty.rows)) == ((), [], ("n",), [])


async def test_affected_rows(connection: PostgresConnection) -> None:
    statements: list[tuple[str, list[object], int]] = [
        ("CREATE TABLE t (n int)", [], 0),
        ("INSERT INTO t SELECT generate_series(1, $1)", [5], 5),
        ("UPDATE t SET n = 0 WHERE n > $1", [3], 2),
        ("DELETE FROM t WHERE n = $1", [99], 0),
        ("UPDATE t SET n = 1; DELETE FROM t WHERE n = 1", [], 5),
        ("TRUNCATE t", [], 0),
    ]
    assert [await connection.execute(sql, args) for sql, args, _ in statements] == [rows for _, _, rows in statements]


async def test_many_rows_and_long_texts(connection: PostgresConnection) -> None:
    numbers = list(range(10_000))
    values = ",".join(f"({number})" for number in numbers)
    rows = await connection.query(f"SELECT n FROM (VALUES {values}) AS t(n) WHERE n >= $1", [0])
    assert [row["n"] for row in rows] == numbers
    document = json.dumps({"text": "é" * 100_000})
    rows = await connection.query("SELECT $1::json AS document", [document])
    assert rows[0]["document"] == document


INFINITE = "SELECT 'infinity'::timestamp AS a, '-infinity'::timestamptz AS b, ARRAY['infinity'::date] AS c"


async def test_infinite_times(types: PostgresConnection) -> None:
    first, last = datetime.min, datetime.max
    rows = await types.query(INFINITE, [])
    assert [dict(row) for row in rows] == [{"a": last, "b": first, "c": [date.max]}]


ENDS = """
    SELECT $1::timestamp::text AS a, $2::timestamptz::text AS b, $3::date::text AS c,
        $4::date[]::text AS d, $5::timestamp[]::text AS e, $2::timestamptz AS f, '-infinity'::date AS g, now() AS h
"""


async def test_the_ends_of_the_calendar_are_no_infinity(types: PostgresConnection, driver: str) -> None:
    await types.command("SET TimeZone = UTC")
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    texts: list[list[object]] = []
    # Usual values take turns with these, in one statement that is kept.
    for low, high in ((first, last), (NOON, NOON), (last, first)):
        dates = [low.date(), high.date()]
        row = dict((await types.query(ENDS, [low, high, high.date(), dates, [low, None]]))[0])
        assert (row.pop("f"), row.pop("g"), type(row.pop("h"))) == (high.replace(tzinfo=UTC), date.min, datetime)
        texts.append(list(row.values()))
    low, noon, high = "0001-01-01 00:00:00", "2024-02-29 12:30:15.123456", "9999-12-31 23:59:59.999999"
    assert texts == [
        [low, f"{high}+00", "9999-12-31", "{0001-01-01,9999-12-31}", f'{{"{low}",NULL}}'],
        [noon, f"{noon}+00", "2024-02-29", "{2024-02-29,2024-02-29}", f'{{"{noon}",NULL}}'],
        [high, f"{low}+00", "0001-01-01", "{9999-12-31,0001-01-01}", f'{{"{high}",NULL}}'],
    ]


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=PLUS_TWO), datetime.max.replace(tzinfo=MINUS_TWO)])
async def test_moments_outside_the_calendar_in_utc_are_refused(types: PostgresConnection, moment: datetime) -> None:
    for type_ in ("timestamp", "timestamptz", "date"):
        with pytest.raises(DriverFault) as caught:
            await types.query(f"SELECT $1::{type_} AS one", [moment])
        assert (type_, caught.value.kind) == (type_, FaultKind.VALUE_OUT_OF_RANGE)


UNREADABLE = [
    ("SELECT now() AS a, '0044-03-15 BC'::timestamptz AS b", "b"),
    ("SELECT n, now() AS a, '10000-01-01'::timestamp + n * interval '1 s' AS b FROM generate_series(1, 3) AS n", "b"),
    ("SELECT '10000-01-01'::date AS day, 1 AS one", "day"),
    ("SELECT ARRAY['2020-01-01', '0001-12-31 BC']::date[] AS days, 'infinity'::date AS day", "days"),
    ("SELECT 0.1::real AS real, '10000-01-01'::date AS day, now()::date AS today", "day"),
    ("INSERT INTO days VALUES ('10000-01-01') RETURNING day", "day"),
]


@pytest.mark.parametrize(("sql", "column"), UNREADABLE)
async def test_dates_outside_pythons_range_name_their_column(types: PostgresConnection, sql: str, column: str) -> None:
    await types.command("CREATE TABLE days (day date)")
    faults: list[tuple[FaultKind, object]] = []
    for _ in range(2):
        with pytest.raises(DriverFault) as caught:
            await types.query(sql, [])
        faults.append((caught.value.kind, caught.value.fields["column"]))
    stored = await types.query("SELECT count(*) AS n FROM days", [])
    assert faults == [(FaultKind.INCONSISTENT_COLUMN_DATA, column)] * 2
    # What was written has been written once.
    assert stored[0]["n"] == (2 if sql.startswith("INSERT") else 0)


async def test_session_settings_do_not_change_values(types: PostgresConnection) -> None:
    await types.command("SET TimeZone = 'Asia/Kolkata'; SET extra_float_digits = 0")
    rows = await types.query("SELECT '2024-02-29 12:00+00'::timestamptz AS at, 0.1::float8 AS number", [])
    assert [dict(row) for row in rows] == [{"at": datetime(2024, 2, 29, 12, tzinfo=UTC), "number": 0.1}]


async def test_a_zero_byte_is_refused(types: PostgresConnection) -> None:
    kinds: list[bool] = []
    for value in ("a\0b", ["a\0b"]):
        with pytest.raises(DriverFault):
            await types.query(f"SELECT $1::{'text[]' if isinstance(value, list) else 'text'}", [value])
        kinds.append((await types.query("SELECT 1 AS one", []))[0]["one"] == 1)
    assert kinds == [True, True]


async def test_arrays_of_texts(types: PostgresConnection) -> None:
    found = [
        (name, (await types.query(f"SELECT $1::{name} AS many", [value]))[0]["many"]) for name, value in TEXT_ARRAYS
    ]
    bounds = await types.query("SELECT '[2:3]={happy,sad}'::mood[] AS many", [])
    assert (found, bounds[0]["many"]) == (TEXT_ARRAYS, ["happy", "sad"])
