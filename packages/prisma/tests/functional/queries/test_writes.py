"""`create`, `update`, `upsert`, `delete` and their nested forms."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from prisma import Json
from prisma.errors import (
    DataError,
    ForeignKeyViolationError,
    MissingRequiredValueError,
    RecordNotFoundError,
    UniqueViolationError,
)

if TYPE_CHECKING:
    from prisma import Prisma
    from servers.spellings import Spelling

pytestmark = pytest.mark.portable


async def test_create_fills_defaults(db: Prisma) -> None:
    before = datetime.now(UTC)
    user = await db.user.create({"email": "ada@example.com"})
    key = await db.apikey.create(data={"key": "k", "name": "default", "userId": user.id})
    assert (user.role, len(user.id), user.id[0], key.rateLimit, key.isActive) == ("USER", 25, "c", 1000, True)
    assert before.replace(microsecond=0) <= user.createdAt <= datetime.now(UTC)


async def test_create_nested(db: Prisma) -> None:
    data: Any = {
        "email": "ada@example.com",
        "projects": {"create": [{"name": "one"}, {"name": "two", "settings": Json({"theme": "dark"})}]},
        "billingInfo": {
            "create": {
                "city": "London",
                "invoices": {
                    "create": {
                        "stripeInvoiceId": "in_1",
                        "amount": Decimal("9.99"),
                        "status": "OPEN",
                        "periodStart": datetime(2026, 1, 1, tzinfo=UTC),
                        "periodEnd": datetime(2026, 2, 1, tzinfo=UTC),
                    }
                },
            }
        },
    }
    user = await db.user.create(
        data, include={"projects": {"order_by": {"name": "asc"}}, "billingInfo": {"include": {"invoices": True}}}
    )
    assert user.projects is not None
    assert user.billingInfo is not None
    assert user.billingInfo.invoices is not None
    assert (
        [(project.name, project.settings) for project in user.projects],
        user.billingInfo.city,
        [(invoice.amount, invoice.currency) for invoice in user.billingInfo.invoices],
    ) == ([("one", None), ("two", {"theme": "dark"})], "London", [(Decimal("9.99"), "usd")])


async def test_connect_and_connect_or_create(db: Prisma) -> None:
    ada = await db.user.create({"email": "ada@example.com"})
    connected = await db.project.create(
        {"name": "one", "user": {"connect": {"email": "ada@example.com"}}}, include={"user": True}
    )
    created = [
        await db.project.create(
            {
                "name": name,
                "user": {
                    "connect_or_create": {
                        "where": {"email": "bob@example.com"},
                        "create": {"email": "bob@example.com"},
                    }
                },
            }
        )
        for name in ("two", "three")
    ]
    assert connected.user is not None
    assert connected.user.id == ada.id
    assert len({project.userId for project in created}) == 1
    assert await db.user.count() == 2


@pytest.mark.needs("skip_duplicates")
async def test_create_many(db: Prisma) -> None:
    rows: list[Any] = [{"email": f"{index}@example.com"} for index in range(3)]
    rows[1]["name"] = "One"
    rows[2] |= {"role": "ADMIN", "id": "two"}
    again = [await db.user.create_many(rows), await db.user.create_many(rows, skip_duplicates=True)]
    users = await db.user.find_many(order={"email": "asc"})
    assert again == [3, 0]
    assert [(user.name, user.role, len(user.id)) for user in users] == [
        (None, "USER", 25),
        ("One", "USER", 25),
        (None, "ADMIN", 3),
    ]
    assert len({user.id for user in users}) == 3


@pytest.mark.needs("skip_duplicates")
async def test_create_many_in_several_parts_is_one_transaction(db: Prisma) -> None:
    rows: list[Any] = [{"email": f"{index}@example.com"} for index in range(2500)]
    assert await db.user.create_many(rows) == 2500
    rows = [{"email": f"new-{index}@example.com"} for index in range(2500)] + [{"email": "1@example.com"}]
    with pytest.raises(UniqueViolationError):
        await db.user.create_many(rows)
    skipped = await db.user.create_many(rows, skip_duplicates=True)
    users = await db.user.find_many(where={"email": {"startswith": "new-"}})
    assert (skipped, await db.user.count(), len({user.createdAt for user in users})) == (2500, 5000, 1)


@pytest.mark.needs("returning")
async def test_create_many_takes_any_iterable_of_rows(db: Prisma) -> None:
    counts = [
        await db.user.create_many({"email": f"{index}@example.com"} for index in range(2001)),
        await db.user.create_many(({"email": "tuple@example.com"},)),
        await db.user.create_many(iter(())),
        await db.user.create_many([]),
    ]
    rows = ({"email": f"made-{index:04}@b.c"} for index in range(1001))
    made: Any = await db.user._query("createManyAndReturn", {"data": rows})  # pyright: ignore[reportPrivateUsage]
    assert (counts, [user.email for user in made]) == (
        [2001, 1, 0, 0],
        [f"made-{index:04}@b.c" for index in range(1001)],
    )


@pytest.mark.parametrize("make", [list, iter])
async def test_create_many_that_fails_late_leaves_nothing_in_the_open_transaction(db: Prisma, make: Any) -> None:
    rows: list[Any] = [{"email": f"{index}@example.com"} for index in range(2000)]
    paths: list[Any] = []
    async with db.tx() as tx:
        await tx.user.create({"email": "first@example.com"})
        for wrong in ({"email": 7}, {"email": "a@b.c", "emailVerified": 7}, {"email": "first@example.com"}):
            with pytest.raises(DataError) as caught:
                await tx.user.create_many(make([*rows, wrong]))
            paths.append(caught.value.meta.get("path"))
        await tx.user.create({"email": "last@example.com"})
    found = [user.email for user in await db.user.find_many(order={"email": "asc"})]
    assert (found, paths) == (
        ["first@example.com", "last@example.com"],
        ["data[2000].email", "data[2000].emailVerified", None],
    )


async def test_create_many_passes_on_what_the_rows_raise(db: Prisma) -> None:
    def rows() -> Any:
        yield from ({"email": f"{index}@example.com"} for index in range(1500))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await db.user.create_many(rows())
    assert await db.user.count() == 0


async def test_update(db: Prisma) -> None:
    await db.user.create({"id": "ada", "email": "ada@example.com", "projects": {"create": {"id": "p", "name": "one"}}})
    key = await db.apikey.create({"key": "k", "name": "n", "userId": "ada"})
    renamed = await db.user.update({"name": "Ada", "avatar": None}, {"id": "ada"})
    counted = await db.apikey.update(data={"rateLimit": {"increment": 5}}, where={"id": key.id})
    nested = await db.user.update(
        where={"id": "ada"},
        data={
            "projects": {
                "create": [{"id": "q", "name": "two"}],
                "update": [{"where": {"id": "p"}, "data": {"name": "changed"}}],
            }
        },
        include={"projects": {"order_by": {"id": "asc"}}},
    )
    missing = await db.user.update({"name": "x"}, {"id": "nobody"})
    assert renamed is not None
    assert counted is not None
    assert nested is not None
    assert nested.projects is not None
    assert (renamed.name, counted.rateLimit, [p.name for p in nested.projects], missing) == (
        "Ada",
        1005,
        ["changed", "two"],
        None,
    )


async def test_update_many_and_delete_many(db: Prisma) -> None:
    await db.user.create_many([{"email": f"{index}@example.com", "name": "old"} for index in range(4)])
    changed = await db.user.update_many(
        data={"name": "new"}, where={"email": {"in": ["0@example.com", "1@example.com"]}}
    )
    deleted = [await db.user.delete_many(where={"name": "new"}), await db.user.delete_many()]
    assert (changed, deleted, await db.user.count()) == (2, [2, 2], 0)


async def test_upsert(db: Prisma) -> None:
    results = [
        await db.user.upsert(
            where={"email": "ada@example.com"},
            data={"create": {"email": "ada@example.com", "name": "created"}, "update": {"name": "updated"}},
        )
        for _ in range(2)
    ]
    other = await db.user.upsert(
        where={"id": "nobody"},
        data={"create": {"email": "bob@example.com"}, "update": {"name": "x"}},
        include={"projects": True},
    )
    assert [user.name for user in results] == ["created", "updated"]
    assert results[0].id == results[1].id
    assert (other.email, other.projects) == ("bob@example.com", [])


async def test_upsert_by_compound_key(db: Prisma) -> None:
    key: Any = {"identifier_endpoint": {"identifier": "ip:127.0.0.1", "endpoint": "/"}}
    for _ in range(2):
        await db.ratelimit.upsert(
            where=key,
            data={
                "create": {"identifier": "ip:127.0.0.1", "endpoint": "/", "count": 1, "resetAt": datetime.now(UTC)},
                "update": {"count": {"increment": 1}},
            },
        )
    found = await db.ratelimit.find_unique_or_raise(where=key)
    assert found.count == 2


async def test_delete(db: Prisma) -> None:
    await db.user.create({"id": "ada", "email": "ada@example.com", "projects": {"create": {"name": "one"}}})
    deleted = await db.user.delete({"id": "ada"}, include={"projects": True})
    assert deleted is not None
    assert deleted.projects is not None
    assert ([project.name for project in deleted.projects], await db.user.delete({"id": "ada"})) == (["one"], None)
    assert await db.project.count() == 0


JSON_VALUES: list[tuple[Any, Any, str | None]] = [
    (Json({"a": [1, 2.5, None, "x"]}), {"a": [1, 2.5, None, "x"]}, "object"),
    ('{"a": 1}', {"a": 1}, "object"),
    (Json("text"), "text", "string"),
    (Json.keys(b=True), {"b": True}, "object"),
    (Json(None), None, "null"),
    (None, None, None),
]


@pytest.mark.parametrize(("value", "expected", "type_"), JSON_VALUES, ids=[repr(case[0]) for case in JSON_VALUES])
async def test_json(db: Prisma, spelling: Spelling, value: Any, expected: Any, type_: str | None) -> None:
    await db.user.create({"id": "ada", "email": "ada@example.com"})
    created = await db.project.create({"name": "one", "userId": "ada", "settings": value})
    joined = await db.user.find_unique_or_raise({"id": "ada"}, include={"projects": True})
    assert joined.projects is not None
    kinds = await db.query_raw(f"SELECT {spelling.json_kind('settings')} AS kind FROM projects")
    assert (created.settings, joined.projects[0].settings, kinds) == (expected, expected, [{"kind": type_}])


async def test_unique_violation(db: Prisma) -> None:
    await db.user.create({"email": "ada@example.com"})
    with pytest.raises(UniqueViolationError) as caught:
        await db.user.create({"email": "ada@example.com"})
    assert (str(caught.value), caught.value.code, caught.value.meta) == (
        "Unique constraint failed on the fields: (`email`)",
        "P2002",
        {"modelName": "User", "target": ["email"]},
    )


async def test_foreign_key_violation(db: Prisma) -> None:
    with pytest.raises(
        ForeignKeyViolationError, match=r"constraint failed on the field: `(userId|foreign key)`"
    ) as caught:
        await db.project.create({"name": "one", "userId": "nobody"})
    assert caught.value.code == "P2003"


async def test_missing_value(db: Prisma) -> None:
    data: Any = {"name": "Ada"}
    with pytest.raises(MissingRequiredValueError) as caught:
        await db.user.create(data)
    assert caught.value.code == "P2012"


async def test_record_to_connect_is_missing(db: Prisma) -> None:
    with pytest.raises(RecordNotFoundError):
        await db.project.create({"name": "one", "user": {"connect": {"id": "nobody"}}})
    assert await db.project.count() == 0


async def test_a_failed_nested_write_leaves_nothing(db: Prisma) -> None:
    await db.user.create({"email": "ada@example.com", "apiKeys": {"create": {"key": "k", "name": "n"}}})
    with pytest.raises(UniqueViolationError) as caught:
        await db.user.create({"email": "bob@example.com", "apiKeys": {"create": {"key": "k", "name": "n"}}})
    assert (caught.value.meta["target"], await db.user.count()) == (["key"], 1)


async def test_number_out_of_range(db: Prisma) -> None:
    await db.user.create({"id": "ada", "email": "ada@example.com"})
    with pytest.raises(DataError) as caught:
        await db.apikey.create({"key": "k", "name": "n", "userId": "ada", "rateLimit": 2**31})
    assert (type(caught.value), caught.value.code) == (DataError, "P2020")
