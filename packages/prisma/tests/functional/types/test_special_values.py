"""NaN and infinity, trailing zeros, NULL inside lists, and arrays of two dimensions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma import Base64
from prisma.errors import DataError

pytestmark = pytest.mark.schema("types")

NUMBERS = {
    "10.50": "10.5",
    "2.1234": "2.1234",
    "100.0000": "100",
    "0.000": "0",
    "-0.0001": "-0.0001",
    "1E+6": "1000000",
}


async def test_decimals_have_no_zeros_behind_their_fraction(db: Any) -> None:
    await db.shelf.create({"id": 1})
    found: dict[str, list[str]] = {}
    for key, text in enumerate(NUMBERS):
        value = Decimal(text)
        data = {"id": key, "shelfId": 1, "number": value, "price": value, "numbers": [value, value]}
        rows = [await db.item.create(data), await db.item.find_unique({"id": key})]
        rows += (await db.shelf.find_unique({"id": 1}, include={"items": {"where": {"id": key}}})).items
        rows += await db.item.find_many(where={"price": value}), await db.item.update({"number": value}, {"id": key})
        selected = await db.item.find_unique({"id": key}, select={"number": True, "price": True, "numbers": True})
        [group] = await db.item.group_by(["number"], where={"id": key}, sum={"price": True}, max={"price": True})
        texts = [text for row in flat(rows) for text in (row.number, row.price, *row.numbers)]
        texts += selected["number"], selected["price"], *selected["numbers"]
        texts += group["number"], group["_sum"]["price"], group["_max"]["price"]
        found[text] = sorted({str(text) for text in texts})
    assert found == {text: [expected] for text, expected in NUMBERS.items()}


def flat(rows: list[Any]) -> list[Any]:
    return [each for row in rows for each in (row if isinstance(row, list) else [row])]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
async def test_numbers_that_are_none_are_written_and_read(db: Any, text: str) -> None:
    value = Decimal(text)
    await db.shelf.create({"id": 1})
    rows = [await db.item.create({"id": 1, "shelfId": 1, "number": value, "numbers": [value], "ratio": float(text)})]
    rows += await db.item.find_many(where={"number": value})
    rows += (await db.shelf.find_unique({"id": 1}, include={"items": True})).items
    again = type(rows[0]).model_validate(rows[0].model_dump())
    sample = await db.query_raw("SELECT * FROM items", model=type(rows[0]))
    assert [[str(row.number), str(row.numbers[0]), str(row.ratio)] for row in (*rows, again, *sample)] == [
        [text, text, str(float(text))]
    ] * 5


@pytest.mark.parametrize("text", ["1E+131072", "-1E+131072", "1E-16384"])
async def test_numbers_that_numeric_cannot_hold_are_refused(db: Any, text: str) -> None:
    codes: list[str | None] = []
    for data in ({"number": Decimal(text)}, {"numbers": [Decimal(text)]}):
        with pytest.raises(DataError) as caught:
            await db.item.create({"id": 1, **data})
        codes.append(caught.value.code)
    assert (codes, await db.item.count()) == (["P2020", "P2020"], 0)


LISTS: dict[str, tuple[str, list[Any]]] = {
    "wholes": ("{1,NULL}", [1, None]),
    "bigs": ("{NULL,2}", [None, 2]),
    "ratios": ("{NULL,0.5}", [None, 0.5]),
    "numbers": ("{1.50,NULL}", [Decimal("1.5"), None]),
    "flags": ("{t,NULL}", [True, None]),
    "texts": ('{NULL,"NULL"}', [None, "NULL"]),
    "moods": ("{NULL,sad}", [None, "SAD"]),
    "blobs": (r'{NULL,"\\x00"}', [None, Base64.encode(b"\0")]),
    "datas": ('{NULL,"{}"}', [None, {}]),
    "zoneds": ("{2024-02-29 12:00+00,NULL}", [datetime(2024, 2, 29, 12, tzinfo=UTC), None]),
    "days": ("{NULL,2024-02-29}", [None, datetime(2024, 2, 29, tzinfo=UTC)]),
    "zclocks": ("{NULL,23:30-05}", [None, datetime(1970, 1, 1, 4, 30, tzinfo=UTC)]),
}


async def test_null_inside_a_list_is_none(db: Any, sql: Any) -> None:
    await db.shelf.create({"id": 1})
    for field, (text, _) in LISTS.items():
        sql.execute(f"INSERT INTO items (id, shelf_id, {field}) VALUES (%s, 1, %s)", (list(LISTS).index(field), text))
    rows = await db.item.find_many(order={"id": "asc"})
    [shelf] = await db.shelf.find_many(include={"items": {"order_by": {"id": "asc"}}})
    selected = await db.item.find_many(order={"id": "asc"}, select=dict.fromkeys(LISTS, True))
    again = [type(row).model_validate(row.model_dump()) for row in rows]
    expected = [[values if field == name else [] for name in LISTS] for field, (_, values) in LISTS.items()]
    read = [[[getattr(row, name) for name in LISTS] for row in each] for each in (rows, shelf.items, again)]
    assert [*read, [[row[name] for name in LISTS] for row in selected]] == [expected] * 4


@pytest.mark.parametrize("field", [field for field in LISTS if field != "datas"])
async def test_an_array_of_two_dimensions_is_no_list(db: Any, sql: Any, field: str) -> None:
    element = LISTS[field][0].strip("{}").replace("NULL,", "").replace(",NULL", "")
    sql.execute("INSERT INTO shelves VALUES (1)")
    sql.execute(f"INSERT INTO items (id, shelf_id, {field}) VALUES (1, 1, %s)", (f"{{{{{element}}},{{{element}}}}}",))
    told: list[tuple[str | None, Any]] = []
    for ask in (
        lambda: db.item.find_many(),
        lambda: db.item.find_first(select={field: True}),
        lambda: db.shelf.find_many(include={"items": True}),
    ):
        with pytest.raises(DataError) as caught:
            await ask()
        told.append((caught.value.code, caught.value.meta["column"]))
    assert told == [("P2023", field), ("P2023", field), ("P2023", f"items.{field}")]


async def test_a_date_outside_pythons_range_names_its_field(db: Any, driver: str, sql: Any) -> None:
    sql.execute("INSERT INTO shelves VALUES (1)")
    sql.execute("INSERT INTO items (id, shelf_id, day, at, zoned) VALUES (1, 1, now(), now(), '10000-01-01')")
    told: list[tuple[str | None, Any, bool]] = []
    for ask in (
        lambda: db.item.find_many(),
        lambda: db.shelf.find_many(include={"items": True}),
        lambda: db.item.update({"small": 1}, {"id": 1}),
        lambda: db.query_raw("SELECT day, at, zoned FROM items"),
    ):
        with pytest.raises(DataError) as caught:
            await ask()
        told.append((caught.value.code, caught.value.meta.get("column"), "zoned'" in str(caught.value)))
    # asyncpg drops the row that it can't read, and a write is not repeated to find out: the message names all columns
    # that may be meant.
    exactly = None if driver == "asyncpg" else "zoned"
    assert told == [("P2023", column, True) for column in ("zoned", "items.zoned", exactly, exactly)]
