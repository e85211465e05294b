"""Values of related records are the same whether the records come by a join, and so as JSON, or by a query."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.schema("types")

JSON = ("'null'", "'\"text\"'", "'1.0'", "'12345678901234567890123'", '\'{"b": [1.5, null], "a": "é"}\'')
DECIMALS = ("1.50", "12345678901234567890.01234567890123456789", "'NaN'", "1e300", "-0.000")
FLOATS = ("0.1", "5e-324", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "1e22", "3")
ZONED = (
    "'2024-01-02 03:04:05.678901+02'",
    "'1850-01-01 00:00+00'",
    "'infinity'",
    "'-infinity'",
)
# The columns of items, and what each holds in turn; without bytes and dates, which JSON may change.
VALUES = {
    "small": ("-32768",),
    "big": ("9223372036854775807", "9007199254740993"),
    "real": ("0.1", "16777217", "'-0'", "'Infinity'"),
    "ratio": FLOATS,
    "number": DECIMALS,
    "price": ("1.5", "99999999.9999"),
    "flag": ("true", "false"),
    "text": ("''", "'null'", "'{\"a\": 1}'", "e'\\u2028\"\\\\'", "'-0,'"),
    "code": ("'0B6C3E1A-3F0E-4B7E-9D7E-0D7F7A3F1C11'",),
    "address": ("'10.0.0.1'", "'10.0.0.0/8'", "'::1'"),
    "bits": ("B'10101'",),
    "mood": ("'so happy'",),
    "data": JSON,
    "at": ("'2024-01-02 03:04:05.678'", "'infinity'", "'0001-01-01'", "'9999-12-31 23:59:59.999'"),
    "fine": ("'2024-01-02 03:04:05.678901'",),
    "zoned": ZONED,
    "clock": ("'10:11:12.345678'",),
    "zclock": ("'10:11:12.345678+02'", "'00:30+02'", "'10:11:12-05:30'"),
    "wholes": ("'{1,2}'", "'{}'"),
    "bigs": ("'{9223372036854775807,NULL}'", "'{}'"),
    "ratios": (f"ARRAY[{','.join(FLOATS)}]::float8[]",),
    "numbers": (f"ARRAY[{','.join(DECIMALS)}]::numeric[]",),
    "flags": ("'{true,false}'",),
    "texts": ("'{a,NULL,\"\"}'",),
    "moods": ("'{sad}'",),
    "datas": (f"ARRAY[{','.join(JSON)}]::jsonb[]",),
    "zoneds": (f"ARRAY[{','.join(ZONED)}]::timestamptz[]",),
    "zclocks": ("'{10:11:12.345678+02}'",),
}
ROWS = [(column, value) for column, values in VALUES.items() for value in values]


@pytest.fixture
async def shelf(db: Any) -> None:
    """A shelf with an item for each value, and one without any."""
    await db.shelf.create({"id": 1})
    await db.execute_raw("INSERT INTO items (id, shelf_id) VALUES (0, 1)")
    for number, (column, value) in enumerate(ROWS, 1):
        await db.execute_raw(f'INSERT INTO items (id, shelf_id, "{column}") VALUES ({number}, 1, {value})')


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/New_York"])
@pytest.mark.usefixtures("shelf")
async def test_joined_values(db: Any, zone: str) -> None:
    items: Any = {"order_by": {"id": "asc"}, "select": dict.fromkeys(("id", *VALUES), True)}
    async with db.tx() as tx:
        await tx.execute_raw(f"SET LOCAL TIME ZONE '{zone}'")
        found = {
            strategy: await tx.shelf.find_many(select={"items": items}, relation_load_strategy=strategy)
            for strategy in ("join", "query")
        }
    joined, queried = (repr(found[strategy][0]["items"]) for strategy in ("join", "query"))
    assert joined == queried
