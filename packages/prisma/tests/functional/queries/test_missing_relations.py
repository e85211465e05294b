"""Optional relations over several columns: a missing related record is None."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

pytestmark = pytest.mark.portable

OFFICE = "7f3b1c9e-0000-4000-8000-000000000001"
ACME = {"country": "NL", "number": 1}
NAMED = {"name": "Acme"}
OTHER = {"name": "Other"}
PLACED = {"id": OFFICE}
ALL, WITH, WITHOUT = {1, 2, 3, 4}, {1}, {2, 3, 4}
EMPLOYED, HOME = {1, 2}, {3, 4}


@pytest.fixture
async def db(connect: Callable[[str], Any]) -> AsyncIterator[Any]:
    async with connect("relations") as client:
        await client.company.create_many([{**ACME, **NAMED}, {"country": "BE", "number": 1, **OTHER}])
        await client.office.create({"id": OFFICE, **ACME})
        # A visit without a part of the key has no company.
        visits = [ACME, {"country": "NL"}, {"number": 1}, {}]
        await client.visit.create_many([{"id": number, **visit} for number, visit in enumerate(visits, 1)])
        office = {"officeId": OFFICE}
        staff = [{**ACME, **office}, {**ACME, **office}, ACME, {**ACME, "country": "BE"}]
        await client.employee.create_many([{"id": number, **person} for number, person in enumerate(staff, 1)])
        yield client


# Conditions → the ids. A visit's key has optional columns only, an employee's key to an office one.
VISITS: list[tuple[Any, set[int]]] = [
    ({"company": None}, WITHOUT),
    ({"company": {"is": None}}, WITHOUT),
    ({"company": {"is_not": None}}, WITH),
    ({"NOT": {"company": None}}, WITH),
    ({"NOT": {"company": {"is_not": None}}}, WITHOUT),
    ({"company": None, "country": "NL"}, {2}),
    ({"OR": [{"company": None}, {"country": "NL"}]}, ALL),
    ({"company": {"is": None, "is_not": OTHER}}, WITHOUT),
    ({"company": {"is": NAMED, "is_not": None}}, WITH),
    ({"company": {"is": OTHER, "is_not": None}}, set()),
    ({"company": {"is": None, "is_not": None}}, set()),
    ({"company": NAMED}, WITH),
    ({"company": {"is_not": NAMED}}, WITHOUT),
]
EMPLOYEES: list[tuple[Any, set[int]]] = [
    ({"office": None}, HOME),
    ({"office": {"is": None}}, HOME),
    ({"office": {"is_not": None}}, EMPLOYED),
    ({"NOT": {"office": None}}, EMPLOYED),
    ({"office": None, "officeId": OFFICE}, set()),
    ({"office": {"is_not": None}, "officeId": OFFICE}, EMPLOYED),
    ({"office": None, "country": "NL"}, {3}),
    ({"country": "NL", "office": {"is_not": None}}, EMPLOYED),
    ({"office": {"is": None, "is_not": PLACED}}, HOME),
    ({"office": {"is": PLACED, "is_not": None}}, EMPLOYED),
    ({"office": {"is": None, "is_not": None}}, set()),
    ({"office": {"is_not": PLACED}}, HOME),
    ({"company": {"is": {"staff": {"some": {"office": {"is_not": None}}}}}}, {1, 2, 3}),
    ({"company": {"is": {"staff": {"every": {"office": None}}}}}, {4}),
    ({"company": {"is": {"visits": {"none": {"company": None}}}}}, ALL),
]


@pytest.mark.parametrize(("model", "cases"), [("visit", VISITS), ("employee", EMPLOYEES)], ids=["visit", "employee"])
async def test_none_is_no_related_record(db: Any, model: str, cases: list[tuple[Any, set[int]]]) -> None:
    actions = getattr(db, model)
    # Several times, so that the fast path for repeated calls is used too.
    for _ in range(4):
        found = [{record.id for record in await actions.find_many(where=where)} for where, _ in cases]
        assert found == [ids for _, ids in cases]


async def test_in_every_action(db: Any) -> None:
    nowhere = {"office": None}
    first = await db.employee.find_first(where=nowhere, order={"id": "asc"})
    one = await db.employee.find_unique({"id": 1, **nowhere})
    companies = await db.company.find_many(include={"staff": {"where": nowhere}}, order={"country": "desc"})
    changed = await db.employee.update_many({"officeId": None}, {"office": {"is_not": None}})
    assert (first.id, one, [[person.id for person in company.staff] for company in companies], changed) == (
        3,
        None,
        [[3], [4]],
        2,
    )
    assert await db.employee.delete_many(nowhere) == 4
