"""Every scalar type is written and read: alone, in lists, in filters and in included relations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma import Base64, DbNull, Json, JsonNull
from prisma.errors import DataError, MissingRequiredValueError

pytestmark = [pytest.mark.schema("samples"), pytest.mark.portable]

MOMENT = datetime(2026, 5, 6, 12, 30, 15, 123000, UTC)

# field → (what is written, what is read, a filter that finds it)
VALUES: dict[str, tuple[Any, Any, Any]] = {
    "code": ("6f1c6c0e-5b52-4b8c-9f5a-0d6f7c1d2e3f", "6f1c6c0e-5b52-4b8c-9f5a-0d6f7c1d2e3f", None),
    "address": ("10.1.2.3", "10.1.2.3", {"not": "10.0.0.1"}),
    "bits": ("10110", "10110", None),
    "flag": (True, True, {"not": False}),
    "small": (-7, -7, {"lt": 0}),
    "big": (2**60, 2**60, {"gte": 2**60}),
    "ratio": (1.25, 1.25, {"gt": 1, "lt": 2}),
    "amount": (Decimal("12345678901234567890.0123456789"), Decimal("12345678901234567890.0123456789"), None),
    "at": (MOMENT, MOMENT, {"lte": MOMENT}),
    "zoned": (MOMENT.replace(microsecond=123456), MOMENT.replace(microsecond=123456), None),
    "day": (MOMENT, MOMENT.replace(hour=0, minute=0, second=0, microsecond=0), None),
    "data": (Json({"a": [1, 2.5, None]}), {"a": [1, 2.5, None]}, {"equals": Json({"a": [1, 2.5, None]})}),
    "blob": (Base64.encode(b"\x00\xff"), Base64.encode(b"\x00\xff"), {"in": [Base64.encode(b"\x00\xff")]}),
    "role": ("ADMIN", "ADMIN", {"in": ["ADMIN"]}),
    "texts": (["a", ""], ["a", ""], {"has": "a"}),
    "ints": ([1, -1], [1, -1], {"has_some": [1, 5]}),
    "bigs": ([2**60], [2**60], {"has_every": [2**60]}),
    "floats": ([0.5], [0.5], {"is_empty": False}),
    "decimals": ([Decimal("0.10")], [Decimal("0.10")], {"has": Decimal("0.1")}),
    "moments": ([MOMENT], [MOMENT], {"equals": [MOMENT]}),
    "blobs": ([Base64.encode(b"x")], [Base64.encode(b"x")], {"has": Base64.encode(b"x")}),
    "roleList": (["ADMIN", "USER"], ["ADMIN", "USER"], {"has": "ADMIN"}),
}


# SQLite has no lists, no exact decimals and nothing below a millisecond.
LISTS = {field for field, (written, _, _) in VALUES.items() if isinstance(written, list)}
EXACT = {"amount", "zoned", "day"}
NATIVE = {"zoned", "day"}


def marks(field: str) -> list[pytest.MarkDecorator]:
    needed = ["scalar_lists"] if field in LISTS else ["typed_columns"] if field in EXACT else []
    return [pytest.mark.needs(*needed, *(["native_types"] if field in NATIVE else []))]


@pytest.mark.parametrize("field", [pytest.param(field, marks=marks(field)) for field in VALUES])
async def test_round_trip(db: Any, field: str) -> None:
    written, expected, condition = VALUES[field]
    user = await db.user.create({"email": "a@example.com", "samples": {"create": {"text": "x", field: written}}})
    where = {field: written if condition is None else condition}
    if field == "day":
        where = {field: expected}
    found = await db.sample.find_many(where=where)
    included = await db.user.find_unique(where={"id": user.id}, include={"samples": True})
    updated = await db.sample.update(where={"id": found[0].id}, data={field: written})
    assert [getattr(sample, field) for sample in (*found, *included.samples, updated)] == [expected] * 3


@pytest.mark.needs("scalar_lists")
async def test_lists_are_empty_by_default_and_can_be_pushed_to(db: Any) -> None:
    sample = await db.sample.create({"text": "x"})
    pushed = await db.sample.update(where={"id": sample.id}, data={"ints": {"push": [1, 2]}, "texts": {"push": "a"}})
    cleared = await db.sample.update(where={"id": sample.id}, data={"ints": {"set": []}, "texts": []})
    assert [(row.ints, row.texts) for row in (sample, pushed, cleared)] == [([], []), ([1, 2], ["a"]), ([], [])]


@pytest.mark.needs("typed_columns")
async def test_atomic_decimal_updates(db: Any) -> None:
    post = await db.post.create({"title": "x", "price": Decimal("2.50")})
    operations = [
        ({"increment": Decimal("0.1")}, "2.60"), ({"decrement": Decimal("0.30")}, "2.3"), ({"multiply": 3}, "6.9"),
        ({"divide": Decimal("0.5")}, "13.8"), ({"set": Decimal("0.000000000001")}, "0.000000000001"),
        ({"increment": Decimal("1e20")}, "100000000000000000000.000000000001"),
    ]  # fmt: skip
    prices: list[Decimal | None] = []
    for operation, _ in operations:
        post = await db.post.update(where={"id": post.id}, data={"price": operation})
        prices.append(post.price)
    assert prices == [price and Decimal(price) for _, price in operations]


@pytest.mark.parametrize("operation", ["increment", "decrement", "multiply", "divide"])
async def test_arithmetic_with_none_is_refused(db: Any, operation: str) -> None:
    """It would set the field to NULL."""
    post = await db.post.create({"title": "x", "score": 1.5})
    with pytest.raises(MissingRequiredValueError) as refused:
        await db.post.update_many(where={"id": post.id}, data={"score": {operation: None}})
    assert refused.value.meta["path"] == f"data.score.{operation}"


async def test_atomic_operations(db: Any) -> None:
    post = await db.post.create({"title": "x", "views": 10, "score": 1.5, "price": Decimal("2.50")})
    for data in (
        {"views": {"increment": 5}, "score": {"multiply": 2}, "price": {"increment": Decimal("0.25")}},
        {"views": {"decrement": 3}, "score": {"divide": 4}, "price": {"multiply": 2}},
        {"views": {"set": 7}},
    ):
        post = await db.post.update(where={"id": post.id}, data=data)
    assert (post.views, post.score, post.price) == (7, 0.75, Decimal("5.50"))


async def test_generated_ids(db: Any) -> None:
    token = await db.token.create({})
    assert [len(value) for value in (token.cuid1, token.cuid2, token.uuid4, token.uuid7, token.ulid, token.nano)] == [
        25,
        24,
        36,
        36,
        26,
        21,
    ]
    assert (token.uuid4[14], token.uuid7[14], len(token.nano8), token.weight) == ("4", "7", 8, 3)


async def test_compound_id(db: Any) -> None:
    user = await db.user.create({"email": "a@example.com"})
    key = {"provider_number": {"provider": "x", "number": 1}}
    await db.account.create({"provider": "x", "number": 1, "userId": user.id})
    found = await db.account.find_unique(where=key)
    deleted = await db.account.delete(where=key)
    assert (found, await db.account.count()) == (deleted, 0)
    assert (found.provider, found.number) == ("x", 1)


async def test_many_to_many(db: Any) -> None:
    post = await db.post.create(
        {
            "title": "x",
            "tags": {
                "create": [{"name": "a"}],
                "connect_or_create": [{"where": {"name": "b"}, "create": {"name": "b"}}],
            },
        },
        include={"tags": {"order_by": {"name": "asc"}}},
    )
    changed = await db.post.update(
        where={"id": post.id},
        data={"tags": {"disconnect": [{"name": "a"}], "create": [{"name": "c"}]}},
        include={"tags": {"order_by": {"name": "asc"}}},
    )
    replaced = await db.post.update(
        where={"id": post.id}, data={"tags": {"set": [{"name": "a"}]}}, include={"tags": True}
    )
    assert [[tag.name for tag in row.tags] for row in (post, changed, replaced)] == [["a", "b"], ["b", "c"], ["a"]]


@pytest.mark.needs("scalar_lists")
async def test_group_by_has_bytes_as_models_have_them(db: Any) -> None:
    for blob in (None, Base64.encode(b"\x00\xff")):
        await db.sample.create({"text": "x", "blob": blob, "blobs": [] if blob is None else [blob]})
    rows = await db.sample.group_by(by=["blob", "blobs"], order={"blob": "asc"})
    encoded = Base64.encode(b"\x00\xff")
    assert rows == [{"blob": encoded, "blobs": [encoded]}, {"blob": None, "blobs": []}]


@pytest.mark.needs("native_types")
# Rows with lists are sent as VALUES, all others as arrays. Both must store the same.
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(set(VALUES) - LISTS - EXACT, id="simple"),
        pytest.param(set(VALUES) - LISTS, id="without lists", marks=pytest.mark.needs("typed_columns")),
        pytest.param(set(VALUES), id="with lists", marks=pytest.mark.needs("scalar_lists")),
    ],
)
async def test_many_rows_store_the_same_as_one_row(db: Any, fields: set[str]) -> None:
    full = {field: VALUES[field][0] for field in VALUES if field in fields}
    # Every other row lacks columns, which become NULL or their default.
    rows = [{"text": f"{number:03}", **(full if number % 2 else {})} for number in range(40)]
    counts = [await db.sample.create_many(rows), await db.sample.create_many(rows[1::2])]
    found = await db.sample.find_many(order=[{"text": "asc"}, {"id": "asc"}])
    expected = {field: VALUES[field][1] for field in full}
    nothing = {field: [] if field in LISTS else None for field in full}
    assert counts == [40, 20]
    assert [{field: getattr(row, field) for field in full} for row in found] == [nothing, expected, expected] * 20


async def test_many_rows_tell_the_nulls_of_json_apart(db: Any) -> None:
    rows = [{"text": str(number), "data": [DbNull, JsonNull, Json(None), None][number % 4]} for number in range(20)]
    assert await db.sample.create_many(rows) == 20
    found = [await db.sample.count(where={"data": {"equals": null}}) for null in (DbNull, JsonNull)]
    assert found == [10, 10]


async def test_generated_ids_of_many_rows(db: Any) -> None:
    assert await db.token.create_many([{"note": str(number)} for number in range(30)]) == 30
    tokens = await db.token.find_many()
    kinds = {"cuid1": 25, "cuid2": 24, "uuid4": 36, "uuid7": 36, "ulid": 26, "nano": 21, "nano8": 8}
    made = {field: {getattr(token, field) for token in tokens} for field in kinds}
    assert {field: (len(values), {len(value) for value in values}) for field, values in made.items()} == {
        field: (30, {length}) for field, length in kinds.items()
    }
    assert ({token.weight for token in tokens}, len({token.madeAt for token in tokens})) == ({3}, 1)


@pytest.mark.needs("native_types")
@pytest.mark.needs("typed_columns")
async def test_a_number_that_a_column_cannot_hold_fails_in_many_rows_as_in_one(db: Any) -> None:
    wrong = {"text": "x", "small": 2**20}
    errors: list[tuple[Any, ...]] = []
    for rows in ([wrong], [{"text": "x", "small": 1}] * 20 + [wrong]):
        with pytest.raises(DataError) as caught:
            await db.sample.create_many(rows)
        errors.append((type(caught.value), caught.value.code))
    assert errors[0] == errors[1]
    assert await db.sample.count() == 0


@pytest.fixture
async def alter(db: Any) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    """Give the column `text` another type, until the end of the test."""

    async def to(type_: str) -> None:
        await db.execute_raw(f'ALTER TABLE "samples" ALTER COLUMN "text" TYPE {type_}')

    await db.execute_raw("CREATE DOMAIN short AS text CHECK (length(VALUE) < 3)")
    yield to
    await to("text")
    await db.execute_raw("DROP DOMAIN short")


@pytest.mark.needs("native_types")
@pytest.mark.needs("typed_columns")
async def test_lengths_and_domains_are_checked_in_many_rows(db: Any, alter: Any) -> None:
    counts: list[int] = []
    for type_, fits in (("varchar(3)", "abc"), ("short", "ab"), ("text", "abcde")):
        # The table changes while a connection has prepared statements for it.
        await alter(type_)
        counts.append(await db.sample.create_many([{"text": fits}] * 20))
        if type_ != "text":
            with pytest.raises(DataError):
                await db.sample.create_many([{"text": fits}] * 20 + [{"text": "abcd"}])
        counts.append(await db.sample.delete_many())
    assert counts == [20] * 6
