"""Values of every type, at their limits and at random, compared with PostgreSQL's own text of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from prisma import Base64, Json

pytestmark = pytest.mark.schema("types")

ROWS = 20  # boundaries first, the rest at random
rng = random.Random(10)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
WEST, EAST = timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=30))


def integer(bits: int) -> Callable[[], int]:
    return lambda: rng.randrange(-(1 << bits - 1), 1 << bits - 1)


def moment() -> datetime:
    at = FIRST + (LAST - FIRST) * rng.random()
    return at.replace(microsecond=rng.randrange(1000) * 1000)


def day() -> datetime:
    return moment().replace(hour=0, minute=0, second=0, microsecond=0)


def clock() -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=rng.randrange(86_400_000_000))


def number() -> Decimal:
    return Decimal(rng.randrange(-(10**30), 10**30)).scaleb(rng.randrange(-40, 5))


def words() -> str:
    return "".join(rng.choices("ab \"'\\{},é🐘\n%_", k=rng.randrange(8)))


def document() -> Any:
    return rng.choice([words(), integer(32)(), {words(): [words(), None, rng.random()]}, [[], {}], True])


@dataclass(frozen=True)
class Kind:
    """A type: what it is called in SQL, its boundaries, what makes others, and its list field, if it has one."""

    type: str
    bounds: list[Any]
    make: Callable[[], Any]
    many: str | None = None

    def values(self) -> list[Any]:
        return (self.bounds + [self.make() for _ in range(ROWS)])[:ROWS]


KINDS: dict[str, Kind] = {
    "small": Kind("int2", [-(2**15), 2**15 - 1, 0], integer(16)),
    "whole": Kind("int4", [-(2**31), 2**31 - 1, 0], integer(32), "wholes"),
    "big": Kind("int8", [-(2**63), 2**63 - 1, 0], integer(64), "bigs"),
    "real": Kind("float4", [0.1, 3.4028235e38, 1e-45, float("inf")], lambda: rng.randrange(-999, 999) / 8),
    "ratio": Kind("float8", [0.1, 1.7976931348623157e308, 5e-324, float("-inf")], rng.random, "ratios"),
    "number": Kind(
        "numeric",
        [Decimal(text) for text in ("0.00", "10.50", "1E+40", "-1.5E-20", "100.000", "NaN", "Infinity", "-Infinity")],
        number,
        "numbers",
    ),
    "price": Kind(
        "numeric(20, 4)",
        [Decimal("0.0000"), Decimal("-9999999999999999.9999"), Decimal(120)],
        lambda: Decimal(rng.randrange(10**12)).scaleb(-4),
    ),
    "flag": Kind("bool", [True, False], lambda: rng.random() < 0.5, "flags"),
    "text": Kind("text", ["", "NULL", "{}", '"\\', "\u00e9\U0001f418"], words, "texts"),
    "code": Kind("uuid", [str(UUID(int=0))], lambda: str(UUID(int=rng.getrandbits(128)))),
    "address": Kind(
        "inet",
        ["10.0.0.1", "10.0.0.0/8", "::ffff:1.2.3.4", "::1"],
        lambda: ".".join(str(rng.randrange(256)) for _ in range(4)),
    ),
    "bits": Kind("varbit", ["", "1", "1011001110"], lambda: f"{rng.getrandbits(20):b}"),
    "mood": Kind("mood", ["HAPPY", "SAD"], lambda: rng.choice(["HAPPY", "SAD"]), "moods"),
    "blob": Kind("bytea", [b"", b"\0\xff\\"], lambda: rng.randbytes(5), "blobs"),
    "data": Kind("jsonb", [None, "", [], {"$type": 1}, "null"], document, "datas"),
    "at": Kind("timestamp(3)", [FIRST, LAST.replace(microsecond=999000), datetime(1970, 1, 1, tzinfo=UTC)], moment),
    "fine": Kind(
        "timestamp(6)", [FIRST, LAST, FIRST + timedelta(microseconds=1), datetime(2024, 1, 1, tzinfo=EAST)], moment
    ),
    "zoned": Kind(
        "timestamptz(6)",
        [FIRST, LAST, LAST - timedelta(microseconds=1), datetime(2024, 1, 1, tzinfo=WEST)],
        moment,
        "zoneds",
    ),
    "day": Kind(
        "date",
        [FIRST, LAST.replace(hour=0, minute=0, second=0, microsecond=0), datetime(2024, 2, 29, tzinfo=UTC)],
        day,
        "days",
    ),
    "clock": Kind(
        "time(6)", [datetime(1970, 1, 1, 0, 0, tzinfo=UTC), datetime(1970, 1, 1, 23, 59, 59, 999999, UTC)], clock
    ),
    "zclock": Kind(
        "timetz(6)",
        [datetime(1970, 1, 1, 23, 30, 15, tzinfo=WEST), datetime(2024, 7, 1, 1, 0, tzinfo=EAST)],
        clock,
        "zclocks",
    ),
}
VALUES = {field: kind.values() for field, kind in KINDS.items()}
LISTS = {kind.many: field for field, kind in KINDS.items() if kind.many}
MOODS = {"HAPPY": "so happy", "SAD": "sad"}


def written(field: str, value: Any) -> Any:
    """The value that a program passes."""
    return Json(value) if field == "data" else Base64.encode(value) if field == "blob" else value


def read(field: str, value: Any) -> str:
    """The value that it reads, with every digit."""
    if field in ("number", "price") and value.is_finite():
        value = Decimal(f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}")
    if field in ("zclock", "clock"):
        value = datetime.combine(date(1970, 1, 1), value.astimezone(UTC).timetz())
    return repr(
        value.astimezone(UTC) if isinstance(value, datetime) else written(field, value) if field == "blob" else value
    )


def literal(field: str, value: Any) -> str:
    """Its text in SQL, by which PostgreSQL is asked for its own."""
    if field == "data":
        return json.dumps(value)
    if field == "blob":
        return f"\\x{value.hex()}"
    if isinstance(value, datetime):
        text = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        return {"day": text[:10], "clock": text[11:], "zclock": f"{text[11:]}+00", "zoned": f"{text}+00"}.get(
            field, text
        )
    return MOODS[value] if field == "mood" else str(value)


def texts(sql: Any) -> dict[str, list[str]]:
    """PostgreSQL's text of every value, and of every list."""
    found: dict[str, list[str]] = {}
    for field, kind in KINDS.items():
        literals = [literal(field, value) for value in VALUES[field]]
        row = sql.execute(f"SELECT {', '.join([f'%s::text::{kind.type}::text'] * ROWS)}", literals).fetchone()
        found[field] = list(row)
        if kind.many:
            made = f"ARRAY[{', '.join([f'%s::text::{kind.type}'] * ROWS)}]::text"
            found[kind.many] = [sql.execute(f"SELECT {made}", literals).fetchone()[0]] * ROWS
    return found


def stored(sql: Any) -> dict[str, list[str]]:
    names = [*KINDS, *LISTS]
    columns = ", ".join(f'"{name}"::text' for name in names)
    rows = sql.execute(f"SELECT {columns} FROM items ORDER BY id").fetchall()
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def record(number: int) -> dict[str, Any]:
    scalars = {field: written(field, values[number]) for field, values in VALUES.items()}
    lists = {many: [written(field, value) for value in VALUES[field]] for many, field in LISTS.items()}
    return {"id": number, "shelfId": 1, **scalars, **lists}


EXPECTED = [
    {
        **{field: read(field, values[number]) for field, values in VALUES.items()},
        **{many: f"[{', '.join(read(field, value) for value in VALUES[field])}]" for many, field in LISTS.items()},
    }
    for number in range(ROWS)
]


def seen(row: Any) -> dict[str, str]:
    values = row if isinstance(row, dict) else vars(row)
    return {name: repr(values[name]) for name in (*KINDS, *LISTS)}


@pytest.fixture
async def full(db: Any) -> Any:
    """A client whose table holds the values."""
    await db.shelf.create({"id": 1})
    await db.item.create_many([record(number) for number in range(ROWS)])
    return db


async def test_many_rows_are_stored_as_written(full: Any, sql: Any) -> None:
    assert stored(sql) == texts(sql)


async def test_single_rows_are_stored_and_returned_as_written(db: Any, sql: Any) -> None:
    await db.shelf.create({"id": 1})
    created = [await db.item.create(record(number)) for number in range(ROWS)]
    assert (stored(sql), [seen(row) for row in created]) == (texts(sql), EXPECTED)


async def test_updates_and_upserts_store_values_unchanged(full: Any, sql: Any) -> None:
    for number in range(ROWS):
        data = {name: value for name, value in record(ROWS - 1 - number).items() if name not in ("id", "shelfId")}
        if number % 2:
            await full.item.update(data=data, where={"id": number})
        else:
            await full.item.upsert(where={"id": number}, data={"create": {"id": number, **data}, "update": data})
    assert stored(sql) == {name: values[::-1] for name, values in texts(sql).items()}


async def test_rows_are_read_as_written(full: Any) -> None:
    order: Any = {"id": "asc"}
    names = dict.fromkeys((*KINDS, *LISTS), True)
    [shelf] = await full.shelf.find_many(include={"items": {"order_by": order}})
    ways = [
        await full.item.find_many(order=order),
        await full.item.find_many(order=order, select=names),
        shelf.items,
    ]
    assert [[seen(row) for row in rows] for rows in ways] == [EXPECTED] * 3


@pytest.mark.parametrize("field", [field for field in KINDS if field not in ("data", "flag")])
async def test_written_values_are_found_by_filters(full: Any, field: str) -> None:
    values = VALUES[field]
    wholes = await full.item.count(where={field: {"in": [written(field, value) for value in values]}})
    missed = [value for value in values if not await full.item.count(where={field: {"equals": written(field, value)}})]
    many = KINDS[field].many
    lists = [{many: {"has": written(field, value)}} for value in values] if many else []
    unlisted = [where for where in lists if await full.item.count(where=where) != ROWS]
    assert (wholes, missed, unlisted) == (ROWS, [], [])


SORTED = ["small", "whole", "big", "real", "ratio", "number", "price", "at", "fine", "zoned", "day"]


async def test_groups_and_aggregates_are_read_as_written(full: Any, sql: Any) -> None:
    columns = dict.fromkeys(SORTED, True)
    [group] = await full.item.group_by(["shelfId"], min=columns, max=columns)
    ends = {
        f"_{end}": {name: EXPECTED[at][name] for name in SORTED for at in [place(sql, name, end)]}
        for end in ("min", "max")
    }
    assert {end: {name: repr(value) for name, value in group[end].items()} for end in ends} == ends
    groups = {name: {repr(row[name]) for row in await full.item.group_by([name])} for name in KINDS if name != "data"}
    assert groups == {name: {row[name] for row in EXPECTED} for name in groups}


def place(sql: Any, name: str, end: str) -> int:
    return sql.execute(
        f'SELECT id FROM items ORDER BY "{name}" {"ASC" if end == "min" else "DESC"}, id LIMIT 1'
    ).fetchone()[0]


def argument(field: str, value: Any) -> Any:
    """Return the parameter for a value in raw SQL."""
    if field == "mood":
        return MOODS[value]
    if field in ("day", "clock", "zclock"):
        return value.date() if field == "day" else value.timetz() if field == "zclock" else value.time()
    return Json(value) if field == "data" else value


# Moments in raw SQL are cut to milliseconds.
RAW = {name: kind for name, kind in KINDS.items() if name not in ("at", "fine", "zoned")}


@pytest.mark.parametrize("field", RAW)
async def test_raw_parameters_keep_their_values(db: Any, sql: Any, field: str) -> None:
    kind, values = KINDS[field], [argument(field, value) for value in VALUES[field]]
    alone = ", ".join(f"${number}::{kind.type}::text AS c{number}" for number in range(1, ROWS + 1))
    row = await db.query_first(f"SELECT {alone}", *values)
    many = await db.query_first(f"SELECT $1::{kind.type}[]::text AS many", values) if kind.many else {"many": None}
    expected = texts(sql)
    assert (list(row.values()), many["many"]) == (expected[field], expected[kind.many][0] if kind.many else None)


ENDS = """
    SELECT $1::timestamptz = '0001-01-01 00:00+00' AS a, $2::timestamptz = '9999-12-31 23:59:59.999+00' AS b,
        $3::timestamptz[]::text LIKE '%infinity%' AS c, $4::date = '0001-01-01' AS d, $5::date[]::text AS e,
        $6::time AS f
"""


async def test_moments_in_raw_sql_keep_their_ends(db: Any) -> None:
    row = await db.query_first(ENDS, FIRST, LAST, [FIRST, LAST], date.min, [date.max], time.max)
    assert row == {"a": True, "b": True, "c": False, "d": True, "e": "{9999-12-31}", "f": "23:59:59.999999"}
