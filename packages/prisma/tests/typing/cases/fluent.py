"""Fluent queries that must check, and that must not."""

from typing import assert_type

from client import Prisma, models


async def relations(db: Prisma) -> None:
    assert_type(await db.customers.find_unique({"id": 1}).orders(), list[models.Order] | None)
    assert_type(await db.customers.find_unique_or_raise({"id": 1}).orders(take=2), list[models.Order])
    assert_type(await db.customers.find_unique_or_raise({"id": 1}).profile(), models.Profile | None)
    assert_type(await db.order.find_first_or_raise().customer(), models.Customer)
    assert_type(await db.order.find_first().customer(), models.Customer | None)
    assert_type(await db.order.find_first_or_raise().customer().orders(where={"year": 1}), list[models.Order])
    assert_type(await db.order.find_first_or_raise().customer().profile().customer(), models.Customer | None)

    await db.customers.find_unique({"id": 1}).email()  # error: reportAttributeAccessIssue | attr-defined
    await db.customers.find_unique({"id": 1}).orders().customer()  # error: reportAttributeAccessIssue | attr-defined
    query = db.customers.find_unique({"id": 1})
    await query.orders(where={"bio": ""})  # error: reportArgumentType | typeddict-unknown-key
    selected = db.customers.find_unique({"id": 1}, select={"id": True})
    await selected.orders()  # error: reportAttributeAccessIssue | attr-defined
    customer = db.customers.find_unique({"id": 1})
    print(customer.email)  # error: reportAttributeAccessIssue | attr-defined
