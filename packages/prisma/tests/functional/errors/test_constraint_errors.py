"""Nested writes that violate a constraint: the error names the model and the fields of the constraint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prisma.errors import DataError

ENTRY = {"amount": 1, "entries": {"create": {"id": 1}}}
ADA = {"name": "Ada"}

# What must be there, the operation that fails, and its code and facts.
SEVERAL: dict[str, tuple[list[Any], Callable[[Any], Any], str, dict[str, Any]]] = {
    "unique, two levels down, in a table of a name that another schema has too": (
        [],
        lambda db: db.customer.create({**ADA, "orders": {"create": [ENTRY, ENTRY]}}),
        "P2002",
        {"modelName": "Entry", "target": ["id"]},
    ),
    "unique, of the outer model": (
        [],
        lambda db: db.customer.create({"id": 1, **ADA, "orders": {"create": ENTRY}}),
        "P2002",
        {"modelName": "Customer", "target": ["id"]},
    ),
    "unique, of the model that is looked at from the other side": (
        [],
        lambda db: db.entry.create(
            {"order": {"create": {"amount": 1, "customer": {"create": {"id": 1, "name": "A"}}}}}
        ),
        "P2002",
        {"modelName": "Customer", "target": ["id"]},
    ),
    "unique, under a name that the schema does not know": (
        ["CREATE UNIQUE INDEX by_hand ON audit.customers (order_id)"],
        lambda db: db.order.create({**ENTRY, "entries": {"create": [{}, {}]}, "customerId": 1}),
        "P2002",
        {"modelName": "Entry", "target": ["orderId"]},
    ),
    "not null": (
        ["ALTER TABLE shop.orders ADD added int NOT NULL"],
        lambda db: db.customer.create({**ADA, "orders": {"create": {"amount": 1}}}),
        "P2011",
        {"modelName": "Order", "constraint": ["added"]},
    ),
    "foreign key": (
        [],
        lambda db: db.entry.create({"order": {"create": {"amount": 1, "customerId": 9}}}),
        "P2003",
        {"modelName": "Order", "field_name": "customerId", "constraint": "orders_customer_id_fkey"},
    ),
    "foreign key, of a record that another one needs": (
        ["INSERT INTO shop.orders (amount, customer_id) VALUES (1, 1)"],
        lambda db: db.customer.delete({"id": 1}),
        "P2003",
        {"modelName": "Order", "field_name": "customerId", "constraint": "orders_customer_id_fkey"},
    ),
    "check": (
        ["ALTER TABLE shop.orders ADD CONSTRAINT positive CHECK (amount > 0)"],
        lambda db: db.customer.create({**ADA, "orders": {"create": {"amount": -1}}}),
        "P2039",
        {
            "modelName": "Order",
            "code": "23514",
            "message": 'new row for relation "orders" violates check constraint "positive"',
        },
    ),
    "a text that is too long": (
        ["DROP VIEW shop.totals", "ALTER TABLE shop.customers ALTER full_name TYPE varchar(5)"],
        lambda db: db.order.create({"amount": 1, "customer": {"create": {"name": "Ada Lovelace"}}}),
        "P2000",
        {"modelName": "Customer", "column_name": "(not available)"},
    ),
    "a table that is missing": (
        ["DROP TABLE audit.customers"],
        lambda db: db.order.create({**ENTRY, "customerId": 1}),
        "P2021",
        {"modelName": "Entry", "table": "customers"},
    ),
    "a table that is no model's": (
        [
            "CREATE TABLE audit.log (amount int PRIMARY KEY)",
            "INSERT INTO audit.log VALUES (1)",
            """CREATE FUNCTION audit.log() RETURNS trigger LANGUAGE plpgsql AS
               'BEGIN INSERT INTO audit.log VALUES (NEW.amount); RETURN NEW; END'""",
            "CREATE TRIGGER log BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION audit.log()",
        ],
        lambda db: db.customer.create({**ADA, "orders": {"create": {"amount": 1}}}),
        "P2002",
        {"modelName": "Customer", "target": ["amount"]},
    ),
}


@pytest.mark.parametrize("name", SEVERAL)
async def test_errors_name_the_model_of_the_constraint(connect: Callable[[str], Any], name: str) -> None:
    changes, operation, code, meta = SEVERAL[name]
    async with connect("multi_schema") as db:
        await db.customer.create(ADA)
        with pytest.raises(DataError) as caught:
            async with db.tx() as tx:
                for change in changes:
                    await tx.execute_raw(change)
                await operation(tx)
    assert (caught.value.code, caught.value.meta) == (code, meta)


async def test_errors_of_batches_name_the_model_too(connect: Callable[[str], Any]) -> None:
    async with connect("multi_schema") as db:
        batch = db.batch_()
        batch.customer.create({**ADA, "orders": {"create": [ENTRY, ENTRY]}})
        with pytest.raises(DataError) as caught:
            await batch.commit()
    assert caught.value.meta == {"modelName": "Entry", "target": ["id"]}


async def test_a_table_between_two_models_has_no_name_but_its_constraint(connect: Callable[[str], Any]) -> None:
    async with connect("relations") as db:
        person = await db.person.create({**ADA, "skills": {"create": {"name": "Go"}}})
        with pytest.raises(DataError) as caught:
            async with db.tx() as tx:
                await tx.execute_raw('ALTER TABLE "_PersonToSkill" DROP CONSTRAINT "_PersonToSkill_B_fkey"')
                await tx.execute_raw(
                    'ALTER TABLE "_PersonToSkill" ADD CONSTRAINT "_PersonToSkill_B_fkey" '
                    'FOREIGN KEY ("B") REFERENCES "Skill" ON DELETE RESTRICT'
                )
                await tx.skill.delete({"name": "Go"})
    assert (person.name, caught.value.code, caught.value.meta) == (
        "Ada",
        "P2003",
        {"modelName": "Skill", "field_name": "_PersonToSkill_B_fkey (index)", "constraint": "_PersonToSkill_B_fkey"},
    )
