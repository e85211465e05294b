"""Writes that must check, and that must not."""

from decimal import Decimal
from typing import assert_type

from client import Base64, Json, Prisma, enums, models, types


async def creates(db: Prisma) -> None:
    assert_type(await db.customers.create(data={"email": "a", "tags": ["x"]}), models.Customer)
    assert_type(await db.customers.create_many([{"email": "a"}], skip_duplicates=True), int)
    await db.customers.create(
        {
            "email": "a",
            "profile": {"create": {"bio": "b"}},
            "orders": {"connect": [{"year_number": {"year": 1, "number": 1}}]},
            "favourites": {
                "connect_or_create": {
                    "where": {"sku": "s"},
                    "create": {"title": "t", "price": Decimal(1), "details": Json({}), "image": Base64.encode(b"")},
                }
            },
        }
    )

    await db.customers.create(data={"tags": ["x"]})  # error: reportArgumentType
    await db.customers.create(data={"email": None})  # error: reportArgumentType
    await db.customers.create(data={"email": "a", "mail": "b"})  # error: reportArgumentType
    await db.customers.create_many([{"email": "a"}], True)  # error: reportCallIssue | misc
    await db.productsale.create(data={"sku": "a"})  # error: reportAttributeAccessIssue | attr-defined


async def updates(db: Prisma) -> None:
    assert_type(await db.customers.update({"nickname": None}, {"id": 1}), models.Customer | None)
    assert_type(await db.product.update_many(data={"stock": {"increment": 1}}, where={}), int)
    await db.customers.update(
        where={"id": 1},
        data={
            "tags": {"push": ["x"]},
            "profile": {"upsert": {"create": {}, "update": {"bio": "b"}}},
            "orders": {
                "update": {
                    "where": {"year_number": {"year": 1, "number": 1}},
                    "data": {"state": enums.OrderState.done, "lines": {"delete_many": {}}},
                },
                "update_many": [{"where": {"year": 1}, "data": {"state": enums.OrderState.new}}],
                "delete_many": [{"year": 2}],
            },
        },
    )
    await db.customers.upsert(where={"id": 1}, data={"create": {"email": "a"}, "update": {}})
    assert_type(await db.customers.delete({"id": 1}), models.Customer | None)
    assert_type(await db.customers.delete_many(), int)

    await db.customers.update(data={"email": None}, where={"id": 1})  # error: reportArgumentType
    await db.customers.update(data={"email": {"increment": 1}}, where={"id": 1})  # error: reportArgumentType
    await db.customers.update_many(data={"orders": {}}, where={})  # error: reportArgumentType | typeddict-unknown-key
    await db.customers.update_many(data={})  # error: reportCallIssue | call-arg
    await db.customers.upsert(where={"id": 1}, data={"create": {"email": "a"}})  # error: reportArgumentType


async def transactions(db: Prisma) -> None:
    async with db.tx(isolation_level="Serializable") as tx:
        assert_type(tx, Prisma)
        async with tx.batch_() as batch:
            batch.customers.create({"email": "a"})
            batch.customers.create({})  # error: reportArgumentType | typeddict-item
            batch.execute_raw("SELECT 1")
    db.tx(isolation_level="Snapshot")  # error: reportArgumentType | arg-type


def inputs_are_types() -> types.CustomerCreateInput:
    data = types.CustomerCreateInput(email="a")
    data["nickname"] = None
    data["nick"] = None  # error: reportGeneralTypeIssues | typeddict-unknown-key
    return data


Prisma(datasource={"url": "postgresql://…"}, http={"timeout": 10})
Prisma(datasource={"name": "db"})  # error: reportArgumentType | arg-type
Prisma(True)  # error: reportCallIssue | misc
