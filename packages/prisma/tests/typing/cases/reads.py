"""Reads that must check, and that must not."""

from decimal import Decimal
from typing import Any, assert_type

from client import AnyNull, DbNull, JsonNull, Prisma, enums, models, skip, types
from client.models import Customer


async def records(db: Prisma) -> None:
    assert_type(await db.customers.find_unique(where={"id": 1}), models.Customer | None)
    assert_type(await db.customers.find_unique_or_raise(where={"email": "a"}), models.Customer)
    assert_type(await db.customers.find_first(), models.Customer | None)
    assert_type(await db.customers.find_many(10, 5, {"id": 1}), list[models.Customer])
    assert_type(await Customer.prisma().find_first_or_raise(), models.Customer)
    await db.order.find_unique(where={"year_number": {"year": 1, "number": 2}})
    await db.product.find_unique(where={"title_size": {"title": "a", "size": enums.Size.S}})

    await db.customers.find_unique(
        where={"id": 1, "tags": {"has": "a"}, "OR": [{"nickname": None}, {"scores": {"is_empty": True}}]}
    )
    await db.customers.delete(where={"email": "a", "AND": [{"orders": {"none": {"state": enums.OrderState.new}}}]})
    await db.order.update(where={"year_number": {"year": 1, "number": 2}, "state": enums.OrderState.new}, data={})

    await db.customers.find_unique(where={"tags": {"has": "a"}})  # error: reportArgumentType
    await db.customers.find_unique(where={"id": 1, "orders": {"none": {}}})  # error: reportArgumentType
    await db.customers.find_unique(where={"id": 1, "tags": {"has": 1}})  # error: reportArgumentType
    await db.customers.find_unique(where={"nickname": None})  # error: reportArgumentType
    await db.customers.find_unique(where={"tags": ["a"]})  # error: reportArgumentType
    await db.customers.find_unique()  # error: reportCallIssue
    await db.customers.find_many(10, 5, {"id": 1}, wher={})  # error: reportCallIssue
    await db.user.find_first()  # error: reportAttributeAccessIssue | attr-defined


async def filters(db: Prisma) -> None:
    where: types.CustomerWhereInput = {
        "id": {"gt": 1, "not": {"in": [2, 3]}},
        "nickname": None,
        "email": {"contains": "@", "mode": "insensitive", "startswith": "a"},
        "tags": {"has_some": ["a", "b"]},
        "scores": {"has": 0.5},
        "orders": {"some": {"state": enums.OrderState.new}},
        "profile": {"is_not": {"bio": {"not": "x"}}},
        "AND": [{"OR": [{"id": 1}]}, {"NOT": [{"referrerId": None}]}],
    }
    await db.customers.find_many(where=where)
    await db.order.find_many(where={"state": {"in": [enums.OrderState.done]}})

    await db.customers.find_many(take=skip)
    nulls = (DbNull, JsonNull, AnyNull)
    assert_type([repr(null) for null in nulls], list[str])

    await db.customers.find_many(where={"email": None})  # error: reportArgumentType
    await db.customers.find_many(where={"id": {"contains": "1"}})  # error: reportArgumentType
    await db.customers.find_many(where={"orders": {"is": {}}})  # error: reportArgumentType
    await db.order.find_many(where={"state": "new"})  # error: reportArgumentType


async def shapes(db: Prisma) -> None:
    await db.customers.find_many(
        include={
            "orders": {"take": 1, "order_by": {"year": "desc"}, "include": {"lines": {"include": {"product": True}}}}
        }
    )
    await db.customers.find_many(order=[{"id": "asc"}, {"email": "desc"}], distinct=["email"])
    included: types.FindManyOrderArgsFromCustomer = {"where": {"year": 2026}}
    await db.customers.find_many(include={"orders": included, "profile": False})

    await db.customers.find_many(include={"id": True})  # error: reportArgumentType
    await db.customers.find_many(order={"id": "up"})  # error: reportArgumentType
    await db.customers.find_many(distinct=["orders"])  # error: reportArgumentType | list-item


async def aggregates(db: Prisma) -> None:
    assert_type(await db.product.count(), int)
    assert_type(await db.product.count(select={"_all": True}), types.ProductCountAggregateOutput)
    groups = await db.product.group_by(
        by=["size"], count=True, avg={"price": True}, having={"price": {"gt": Decimal(1)}}, order={"size": "asc"}
    )
    await db.product.group_by(["size", "title"], order=[{"size": "asc"}, {"_count": {"title": "desc"}}])
    await db.product.group_by(["size"], order={"title": "asc"})  # error: reportArgumentType |
    await db.product.group_by(by=["size"], having={"price": {"gt": "1"}})  # error: reportArgumentType | arg-type
    assert_type(groups, list[types.ProductGroupByOutput])

    await db.product.count(select={"fans": True})  # error: reportCallIssue, reportArgumentType
    await db.product.group_by(by=["fans"])  # error: reportArgumentType | list-item


async def raw(db: Prisma, name: str) -> None:
    assert_type(await db.query_raw("SELECT 1"), list[dict[str, Any]])
    assert_type(await db.query_first("SELECT $1", 1, model=Customer), Customer | None)
    assert_type(await db.customers.query_raw("SELECT * FROM customers"), list[Customer])
    await db.query_raw(f"SELECT * FROM {name}")  # error: reportArgumentType |


def models_have_types(customer: Customer) -> None:
    assert_type(customer.nickname, str | None)
    assert_type(customer.orders, list[models.Order] | None)
    assert_type(customer.sizes, list[enums.Size])
