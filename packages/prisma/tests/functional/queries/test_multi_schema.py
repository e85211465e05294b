"""A Prisma schema of several files, over several database schemas, with a view."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

pytestmark = pytest.mark.schema("multi_schema")


async def test_models_across_schemas(db: Any) -> None:
    ada = await db.customer.create(
        {"name": "Ada", "orders": {"create": [{"amount": 3, "entries": {"create": {"level": "high"}}}, {"amount": 4}]}},
    )
    assert (ada.id, ada.name) == (1, "Ada")
    entries = await db.entry.find_many(include={"order": {"include": {"customer": True}}})
    assert [(entry.level, entry.order.customer.name) for entry in entries] == [("high", "Ada")]
    assert await db.customer.count(where={"orders": {"some": {"entries": {"some": {"level": "high"}}}}}) == 1
    await db.order.delete_many(where={"amount": 3})
    assert await db.entry.count() == 0


async def test_views_are_read_only(db: Any) -> None:
    await db.customer.create({"name": "Ada", "orders": {"create": [{"amount": 3}, {"amount": 4}]}})
    await db.customer.create({"name": "Bob", "orders": {"create": {"amount": 5}}})
    totals = await db.total.find_many(order={"amount": "desc"}, where={"amount": {"gt": 5}})
    assert [(total.name, total.amount) for total in totals] == [("Ada", 7)]
    assert (await db.total.find_unique({"customerId": 2})).amount == 5
    assert await db.total.count() == 2
    assert await db.total.group_by(["name"], sum={"amount": True}, order={"name": "asc"}) == [
        {"name": "Ada", "_sum": {"amount": 7}},
        {"name": "Bob", "_sum": {"amount": 5}},
    ]


def test_views_have_no_writes(packages: Any) -> None:
    actions = import_module(f"{packages.get('multi_schema', 'asyncpg').__name__}.actions").TotalActions
    writes = ("create", "create_many", "update", "update_many", "upsert", "delete", "delete_many")
    assert [name for name in writes if hasattr(actions, name)] == []
    assert hasattr(actions, "find_many")


def test_models_of_several_schema_files(packages: Any) -> None:
    models = import_module(f"{packages.get('multi_schema', 'asyncpg').__name__}.models")
    assert {"Customer", "Order", "Entry", "Total"} <= set(dir(models))
