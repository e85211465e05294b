"""Writes of related records, up to three levels deep, that must check, and that must not."""

from decimal import Decimal

from client import Base64, Json, Prisma, types


async def creates(db: Prisma) -> None:
    await db.customers.create(
        {
            "email": "a",
            "referred": {
                "create": [
                    {"email": "b", "orders": {"create": [{"year": 1, "number": 2, "lines": {"create": [{}]}}]}},
                    {"email": "c", "referred": {"create": [{"email": "d", "profile": {"create": {"bio": "e"}}}]}},
                    {"email": "f"},
                ]
            },
        }
    )
    await db.order.create(
        {
            "year": 1,
            "number": 2,
            "customer": {"create": {"email": "a", "referred": {"create": [{"email": "b", "orders": {"create": []}}]}}},
            "lines": {
                "connect_or_create": [
                    {
                        "where": {"id": 1},
                        "create": {
                            "product": {
                                "create": {
                                    "title": "t",
                                    "price": Decimal(1),
                                    "details": Json({}),
                                    "image": Base64.encode(b""),
                                    "parts": {"connect": [{"sku": "s"}]},
                                }
                            }
                        },
                    }
                ]
            },
        }
    )
    db.batch_().customers.create({"email": "a", "orders": {"create": [{"year": 1, "number": 2, "lines": {}}]}})


async def updates(db: Prisma) -> None:
    await db.customers.update(
        where={"id": 1},
        data={
            "orders": {
                "create": [
                    {"year": 1, "number": 1, "lines": {"create_many": {"data": [{}]}}},
                    {"year": 1, "number": 2},
                ],
                "connect_or_create": [
                    {
                        "where": {"year_number": {"year": 1, "number": 3}},
                        "create": {
                            "year": 1,
                            "number": 3,
                            "lines": {"create": [{"product": {"connect": {"sku": "s"}}}]},
                        },
                    }
                ],
                "upsert": [
                    {
                        "where": {"year_number": {"year": 1, "number": 4}},
                        "create": {
                            "year": 1,
                            "number": 4,
                            "lines": {"create": [{"product": {"connect": {"sku": "s"}}}]},
                        },
                        "update": {"lines": {"create": [{"product": {"connect": {"sku": "s"}}}], "delete_many": [{}]}},
                    }
                ],
                "update": [
                    {
                        "where": {"year_number": {"year": 1, "number": 5}},
                        "data": {"lines": {"update": [{"where": {"id": 1}, "data": {"product": {"update": {}}}}]}},
                    }
                ],
            },
            "referrer": {
                "upsert": {
                    "create": {"email": "a", "orders": {"create": [{"year": 1, "number": 2, "lines": {}}]}},
                    "update": {"orders": {"create": [{"year": 1, "number": 2, "lines": {}}]}},
                }
            },
        },
    )
    await db.customers.update(where={"id": 1}, data={"profile": {"disconnect": {"bio": "a"}}})
    await db.customers.update(where={"id": 1}, data={"profile": {"delete": True}, "referrer": {"disconnect": True}})
    await db.profile.update(
        where={"customerId": 1},
        data={"customer": {"update": {"where": {}, "data": {"orders": {"create": [{"year": 1, "number": 2}]}}}}},
    )
    await db.customers.upsert(
        where={"id": 1},
        data={
            "create": {"email": "a", "orders": {"create": [{"year": 1, "number": 2, "lines": {"create": [{}]}}]}},
            "update": {"orders": {"create": [{"year": 1, "number": 2, "lines": {"create": [{}]}}]}},
        },
    )


async def variables(
    db: Prisma,
    order: types.OrderCreateInput,
    row: types.OrderCreateWithoutRelationsInput,
    orders: list[types.OrderCreateInput],
    rows: list[types.OrderCreateWithoutRelationsInput],
) -> None:
    await db.customers.create({"email": "a", "orders": {"create": order}})
    await db.customers.create({"email": "a", "orders": {"create": row}})
    await db.customers.create({"email": "a", "orders": {"create": orders}})
    await db.customers.create({"email": "a", "orders": {"create": rows}})
    await db.customers.create({"email": "a", "orders": {"create": [order, row, {**order, "lines": {}}]}})
    await db.customers.create({"email": "a", "orders": {"create_many": {"data": rows}}})
    await db.order.create_many([order, row])


def mistakes(
    orders: types.OrderCreateManyNestedWithoutRelationsInput,
    people: types.CustomerUpdateManyWithoutRelationsInput,
    product: types.ProductUpdateOneWithoutRelationsInput,
) -> None:
    orders = {"create": "abc"}  # error: reportAssignmentType | typeddict-item
    orders = {"create": [{"year": 1}]}  # error: reportAssignmentType | list-item
    orders = {"create": [{"year": "1", "number": 2}]}  # error: reportAssignmentType | list-item, misc
    orders = {"create": [{"year": 1, "number": 2, "line": {}}]}  # error: reportAssignmentType | list-item
    orders = {
        "create": [
            {"year": 1, "number": 2, "lines": {"set": []}}  # error: reportAssignmentType | typeddict-unknown-key
        ],
    }
    orders = {
        "create_many": {"data": {"year": 1, "number": 2, "lines": {}}},  # error: reportAssignmentType | typeddict-item
    }
    people = {
        "create": [{"email": "a", "referred": {"create": [{"mail": "b"}]}}],  # error: reportAssignmentType | list-item
    }
    people = {
        "update": [{"where": {"id": 1}, "data": {"mail": "c"}}],  # error: reportAssignmentType | typeddict-unknown-key
    }
    people = {
        "upsert": [
            {"where": {"id": 1}, "create": {"tags": []}, "update": {}}  # error: reportAssignmentType | typeddict-item
        ],
        "connect_or_create": {"where": {"id": 1}, "create": {"email": "a", "orders": {"create": []}}},
    }
    people = {
        "connect_or_create": [
            {"where": {"id": 1}, "create": {"mail": "c"}}  # error: reportAssignmentType | typeddict-item
        ],
    }
    product = {"disconnect": {"title": "a"}}  # error: reportAssignmentType | typeddict-item
    print(orders, people, product)
