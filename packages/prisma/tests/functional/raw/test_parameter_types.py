"""Types of raw SQL parameters: declared by their Python type, or inferred by the server."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest

from prisma import Json
from prisma.errors import RawQueryError

if TYPE_CHECKING:
    from prisma import Prisma

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ISO = "2026-01-02T03:04:05+00:00"
DAY = date(2026, 1, 2)
ID = UUID(int=1)

MAKE = """
    DROP TABLE IF EXISTS typed;
    CREATE TABLE typed (
        n int, r real, f float8, balance numeric, cash numeric(10, 2), flag bool, note text, at timestamp(3),
        atz timestamptz, day date, uid uuid, data jsonb, tags int[], raw bytea, price money
    );
    INSERT INTO typed VALUES (
        2147483647, 0.1, 0.1, 12345678901234567.89, 10.50, true, 'x', '2026-01-02 03:04:05',
        '2026-01-02 03:04:05+00', '2026-01-02', '00000000-0000-0000-0000-000000000001', '5', '{1,2}', '\\x01', 12.34
    )
"""

# What follows SELECT, the values, and the only value of the answer; None for no row.
QUESTIONS: list[tuple[str, list[Any], Any]] = [
    # Declared: the server would infer a narrower type, a text, or none at all.
    ("2147483647 + $1", [200], 2147483847),
    ("CASE WHEN 2147483547 + $1 > 2147483647 THEN 2147483647 ELSE 0 END", [200], 2147483647),
    ("1 + $1", [3000000000], 3000000001),
    ("1 WHERE 1 < $1", [3000000000], 1),
    ("pg_typeof(1 + $1)::text", [5], "bigint"),
    ("sum(g * $1) FROM generate_series(1, 3) g", [1000000000], 6000000000.0),
    ("10 * $1", [0.5], 5.0),
    ("$1 / 2", [5], 2),
    ("$1 / 2", [5.0], 2.5),
    ("$1", [5], 5),
    ("$1", [5.5], 5.5),
    ("$1", [True], True),
    ("$1", [AT], ISO),
    ("$1", [DAY], "2026-01-02"),
    ("$1", [time(1, 2, 3)], "01:02:03"),
    ("$1", [ID], str(ID)),
    ("$1", [b"\x01"], "AQ=="),
    ("$1", [[1, None, 3]], [1, None, 3]),
    ("$1", [[1.5, 2]], [1.5, 2.0]),
    ("$1", [[True, False]], [True, False]),
    ("$1 + 1", [10**20], 1e20),
    ("$1 + 1", [DAY], "2026-01-03"),
    ("-$1", [5], -5),
    ("abs($1)", [-3], 3),
    ("$1 IS NULL", [5], False),
    ("coalesce($1, 0)", [2.5], 2.5),
    ("greatest($1, $2)", [9, 10], 10),
    ("max(v) FROM (VALUES ($1), ($2)) t(v)", [9, 10], 10),
    ("max(v)::text FROM (VALUES ($1), ($2)) t(v)", [9.0, 10.0], "10"),
    ("$1 - interval '1 day'", [AT], "2026-01-01T03:04:05+00:00"),
    ("now() - $1 > interval '1 day'", [AT], True),
    ("now() - $1 < now()", [timedelta(days=1)], True),
    ("date_trunc('day', $1)", [AT], "2026-01-02T00:00:00+00:00"),
    ("extract(year from $1)", [AT], 2026.0),
    ("to_char($1, 'YYYY')", [AT], "2026"),
    ("jsonb_build_object('a', $1, 'b', $2)", [5, 2.5], {"a": 5, "b": 2.5}),
    ("to_jsonb($1)", [[AT]], [ISO]),
    ("row_to_json(t) FROM (SELECT $1 AS a, $2 AS b) t", [5, True], {"a": 5, "b": True}),
    ("format('%s', $1)", [5], "5"),
    ("count(*) FROM unnest($1) AS n", [[1, 2]], 2),
    ("($1)[1]", [[5, 6]], 5),
    ("tags || $1 FROM typed", [3], [1, 2, 3]),
    ("n FROM typed WHERE n = ANY($1)", [[2147483647, 3000000000]], 2147483647),
    # Declared and inferred side by side.
    ("repeat('a', $1) || $2", [2, 5], "aa5"),
    ("to_jsonb($2) WHERE repeat('a', $1) = 'aa'", [2, True], True),
    ("date_trunc('day', $2) WHERE repeat('a', $1) = 'aa'", [2, AT], "2026-01-02T00:00:00+00:00"),
    ("n FROM typed WHERE cash = $1 AND atz > $2 - interval '1 day'", [10.5, AT], 2147483647),
    # Inferred: the column's type suits the value better.
    ("n FROM typed WHERE cash = $1", [10.5], 2147483647),
    ("n FROM typed WHERE balance = $1", [Decimal("12345678901234567.89")], 2147483647),
    ("n FROM typed WHERE balance < $1", [10**20], 2147483647),
    ("balance + $1 = 12345678901234567.99 FROM typed", [0.1], True),
    ("n FROM typed WHERE r = $1", [0.1], 2147483647),
    ("n FROM typed WHERE f = $1", [0.1], 2147483647),
    ("n FROM typed WHERE f > $1", [0], 2147483647),
    ("n FROM typed WHERE at = $1", [AT], 2147483647),
    ("n FROM typed WHERE day = $1", [AT], 2147483647),
    ("n FROM typed WHERE data = $1", [5], 2147483647),
    ("n FROM typed WHERE raw = $1", [b"\x01"], 2147483647),
    ("round($1, 2)", [2.555], 2.56),
    ("note || $1 FROM typed", [AT], f"x{ISO}"),
    ("$1::jsonb", [[1, 2]], [1, 2]),
    ("$1::int", [5.0], 5),
    # JSON inside a list: the elements of an array, or of a larger JSON.
    (
        "$1::jsonb",
        [[{"a": [1]}, [{"b": None}], Json("c"), "d", 5, None]],
        [{"a": [1]}, [{"b": None}], "c", "d", 5, None],
    ),
    ("$1::jsonb[]", [[{"a": [1]}, Json("c"), None]], [{"a": [1]}, "c", None]),
    # Declared as what is narrower, like a number that is written in SQL: the server infers a text, or nothing.
    ("'[10, 20]'::jsonb -> $1", [1], 20),
    ("'{\"a\": [10, 20]}'::jsonb -> 'a' ->> $1", [0], "10"),
    ("'[10, 20]'::jsonb - $1", [0], [20]),
    ("substring('hello' from $1 for $2)", [2, 3], "ell"),
    ("day + $1 FROM typed", [3], "2026-01-05"),
    ("day - $1 FROM typed", [1], "2026-01-01"),
    ("(day + $1)::text || $2 FROM typed", [3, 5], "2026-01-055"),
    ("$1 <@ '[1,5)'::int4range", [3], True),
    ("$1 % 2", [7.5], 1.5),
    # Inferred: the server takes no declared type.
    ("repeat('a', $1)", [3], "aaa"),
    ("day + $1::int FROM typed", [3], "2026-01-05"),
    ("make_interval(days => $1) = interval '2 days'", [2], True),
    ("n FROM typed WHERE note = $1", [5], None),
    ("n FROM typed WHERE flag = $1 AND n = $2", [True, True], None),
    ("n FROM typed WHERE price = $1", [Decimal("12.34")], 2147483647),
    ("1 LIMIT $1", [1], 1),
    ("chr($1)", [65], "A"),
    # Undeclared: a str takes every type.
    ("n FROM typed WHERE uid = $1 AND day = $2", [str(ID), "2026-01-02"], 2147483647),
    ("length($1)", ["abc"], 3),
    # The SQL itself contains dollar signs.
    ("'$1' || 'it''s $1' || $$ $1 $$ || $1 /* $1 */ -- $1", [5], "$1it's $1 $1 5"),
    ('$1 AS "a$1"', [5], 5),
]


async def answers(db: Any) -> list[Any]:
    found = [await db.query_raw(f"SELECT {sql}", *values) for sql, values, _ in QUESTIONS]
    return [next(iter(rows[0].values())) if rows else None for rows in found]


async def test_parameter_types_in_selects(db: Prisma) -> None:
    await db.execute_raw(MAKE)
    expected = [answer for _, _, answer in QUESTIONS]
    assert (await answers(db), await answers(db)) == (expected, expected)


async def test_parameter_types_in_a_transaction(db: Prisma) -> None:
    await db.execute_raw(MAKE)
    async with db.tx() as tx:
        found = await answers(tx)
    assert found == [answer for _, _, answer in QUESTIONS]


WRITES: list[tuple[str, list[Any], Any]] = [
    ("balance = balance + $1", [0.1], Decimal("12345678901234567.99")),
    ("balance = $1", [0.30000000000000004], Decimal("0.30000000000000004")),
    ("n = n - $1", [7], 2147483640),
    ("cash = $1", [3], Decimal("3.00")),
    ("data = $1", [7], 7),
    ("data = $1", [True], True),
    ("data = $1", [[1, 2]], [1, 2]),
    ("data = $1", [[{"a": 1}]], [{"a": 1}]),
    ("note = $1", [5], "5"),
    ("note = $1", [5.0], "5.0"),
    ("note = $1", [True], "true"),
    ("note = $1", [AT], ISO),
    ("note = $1", [DAY], "2026-01-02"),
    ("at = $1", [AT], datetime(2026, 1, 2, 3, 4, 5)),
    ("atz = $1", [AT], AT),
    ("tags = $1", [[7]], [7]),
    ("uid = $1", [ID], ID),
]


async def test_writes(db: Prisma, url: str) -> None:
    found: list[Any] = []
    for assignment, values, _ in WRITES:
        await db.execute_raw(MAKE)
        update: Any = f"UPDATE typed SET {assignment}"
        assert await db.execute_raw(update, *values) == 1
        with psycopg.connect(url) as other:
            row = other.execute(f"SELECT {assignment.partition(' ')[0]} FROM typed".encode()).fetchone()
        found.append(row and row[0])
    assert found == [written for _, _, written in WRITES]


async def test_a_sum_that_a_column_can_not_hold(db: Prisma) -> None:
    await db.execute_raw(MAKE)
    with pytest.raises(RawQueryError) as caught:
        await db.execute_raw("UPDATE typed SET n = n + $1", 3000000000)
    assert caught.value.meta == {"code": "22003", "message": "integer out of range"}


async def test_names_of_columns(db: Prisma) -> None:
    rows = [
        await db.query_raw("SELECT $1", 5),
        await db.query_raw("SELECT $1, jsonb_build_object('a', $2)", 5, 6),
        await db.query_raw("SELECT $1::int8", 5),
    ]
    assert rows == [[{"?column?": 5}], [{"?column?": 5, "jsonb_build_object": {"a": 6}}], [{"int8": 5}]]


async def test_each_statement_takes_effect_once(db: Prisma) -> None:
    """The server is asked for types without running anything."""
    await db.execute_raw("DROP SEQUENCE IF EXISTS steps")
    await db.execute_raw("CREATE SEQUENCE steps")
    step = "SELECT nextval('steps') AS step, repeat('a', $1), $2 AS two"
    outside = [await db.query_raw(step, 1, 2) for _ in range(2)]
    async with db.tx() as tx:
        inside = [await tx.query_raw(f"{step} ", 1, 2) for _ in range(2)]
    assert outside + inside == [[{"step": step, "repeat": "a", "two": 2}] for step in (1, 2, 3, 4)]


async def test_a_refused_statement_in_a_transaction(db: Prisma) -> None:
    """If the server accepts no type, the transaction fails as after any error."""
    transaction = db.tx()
    tx = await transaction.start()
    with pytest.raises(RawQueryError) as refused:
        await tx.query_raw("SELECT nothing($1)", 5)
    with pytest.raises(RawQueryError) as after:
        await tx.query_raw("SELECT 1")
    await transaction.rollback()
    assert [refused.value.meta["code"], after.value.meta["code"]] == ["42883", "25P02"]


async def test_a_column_that_becomes_another_type(db: Prisma) -> None:
    await db.execute_raw(MAKE)
    question = "SELECT n FROM typed WHERE n = $1"
    found = [await db.query_raw(question, 2147483647), await db.query_raw(question, 2147483647)]
    await db.execute_raw("ALTER TABLE typed ALTER n TYPE text")
    found += [await db.query_raw(question, 2147483647), await db.query_raw(question, 2147483647)]
    assert found == [[{"n": 2147483647}]] * 2 + [[{"n": "2147483647"}]] * 2
