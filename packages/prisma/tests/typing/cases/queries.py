"""What the engine can do: selections, orders, filters and writes that must check, and that must not."""

from decimal import Decimal
from typing import assert_type

from client import Json, Prisma, enums, models, types


async def selections(db: Prisma) -> None:
    assert_type(await db.customers.find_first(select={"email": True}), types.CustomerRow | None)
    assert_type(await db.customers.find_many(omit={"email": True}, include={"orders": True}), list[types.CustomerRow])
    await db.customers.find_many(select={"orders": {"select": {"lines": {"select": {"amount": True}}}}, "_count": True})
    await db.customers.find_many(include={"orders": {"include": {"lines": {"include": {"product": True}}}}})

    await db.customers.find_many(select={"mail": True})  # error: reportCallIssue, reportArgumentType |call-overload
    await db.customers.find_many(omit={"orders": True})  # error: reportArgumentType
    await db.customers.find_many(include={"orders": {"include": {"line": True}}})  # error: reportArgumentType
    await db.customers.find_many(include={"orders": {"select": {"line": True}}})  # error: reportArgumentType


async def orders(db: Prisma) -> None:
    await db.customers.find_many(order={"nickname": {"sort": "asc", "nulls": "last"}})
    await db.order.find_many(order=[{"customer": {"referrer": {"email": "asc"}}}, {"lines": {"_count": "desc"}}])

    await db.customers.find_many(order={"email": {"sort": "asc", "nulls": "last"}})  # error: reportArgumentType
    await db.order.find_many(order={"customer": {"referrer": {"mail": "asc"}}})  # error: reportArgumentType
    await db.order.find_many(order={"lines": {"amount": "desc"}})  # error: reportArgumentType


async def filters(db: Prisma) -> None:
    await db.product.find_many(where={"details": {"path": ["a", "b"], "string_contains": "x"}})
    await db.product.find_many(where={"title": {"equals": db.product.fields.title}})
    await db.order.find_many(where={"state": {"in": [enums.OrderState.done]}, "AND": {"year": 1}})

    await db.product.find_many(where={"details": {"path": "a"}})  # error: reportArgumentType
    await db.product.find_many(where={"title": {"equals": db.product.fields.price}})  # error: reportArgumentType
    await db.order.find_many(where={"state": {"in": ["done"]}})  # error: reportArgumentType
    await db.order.find_many(where={"AND": {"years": 1}})  # error: reportArgumentType


async def writes(db: Prisma) -> None:
    assert_type(await db.customers.create_many_and_return([{"email": "a"}]), list[models.Customer])
    assert_type(await db.order.update_many(data={"year": 1}, where={}, limit=5), int)
    await db.product.update(data={"price": {"increment": Decimal(1)}, "details": Json({})}, where={"sku": "s"})
    await db.order.update(data={"customerId": 2}, where={"year_number": {"year": 1, "number": 2}})
    await db.customers.update(
        data={"orders": {"create": [{"year": 1, "number": 2}, {"year": 2, "number": 2}]}}, where={"id": 1}
    )
    await db.customers.update(
        data={"orders": {"create": [{"year": 1, "number": 2, "lines": {"create_many": {"data": []}}}]}}, where={"id": 1}
    )

    await db.order.create_many_and_return([{"year": 1}])  # error: reportArgumentType | typeddict-item
    await db.order.delete_many(limit="5")  # error: reportArgumentType | arg-type
    await db.product.update(data={"price": {"increment": "1"}}, where={"sku": "s"})  # error: reportArgumentType
    await db.customers.update(data={"orders": {"creates": []}}, where={"id": 1})  # error: reportArgumentType


async def answers(db: Prisma) -> None:
    totals = await db.product.aggregate(sum={"price": True}, where={"active": True})
    assert_type(totals["_sum"]["price"], Decimal | None)
    async for record in db.customers.stream(where={"id": {"gt": 1}}):
        assert_type(record, models.Customer)

    await db.product.aggregate(sum={"title": True})  # error: reportArgumentType | arg-type
    db.customers.stream(where={"ids": 1})  # error: reportArgumentType
