"""Relations of every kind, with foreign keys in the database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prisma import Base64
from prisma.errors import DataError, ForeignKeyViolationError, InputError, UniqueViolationError

pytestmark = [pytest.mark.schema("relations"), pytest.mark.portable]

COMPANY = {"country_number": {"country": "NL", "number": 1}}


async def test_self_relations(db: Any) -> None:
    ada = await db.person.create(
        {"name": "Ada", "team": {"create": [{"name": "Bob"}, {"name": "Cy"}]}, "friends": {"create": {"name": "Di"}}}
    )
    bob = await db.person.find_first_or_raise(where={"name": "Bob"})
    await db.person.update({"partner": {"connect": {"id": ada.id}}}, {"id": bob.id})
    found = await db.person.find_unique(
        {"id": ada.id},
        include={
            "team": {"order_by": {"name": "asc"}, "include": {"boss": True}},
            "partner": True,
            "partnerOf": True,
            "friends": {"include": {"friendOf": True}},
        },
    )
    assert [(person.name, person.boss.name) for person in found.team] == [("Bob", "Ada"), ("Cy", "Ada")]
    assert (found.partner, found.partnerOf.name) == (None, "Bob")
    assert [(friend.name, friend.friendOf[0].name) for friend in found.friends] == [("Di", "Ada")]
    assert await db.person.count(where={"boss": {"is": {"name": "Ada"}}}) == 2


def _upsert(name: str) -> dict[str, Any]:
    return {"upsert": {"where": {"name": name}, "create": {"name": "Cy"}, "update": {"name": "Bea"}}}


ONE = ("boss", "partner", "partnerOf")
"""Relations to one person; the first two have their key in the record that is changed."""

# relations of Ada's, verbs → the name of who is in it afterwards.
WITH_CONDITIONS: list[tuple[tuple[str, ...], Any, str | None]] = [
    (ONE, {"disconnect": False}, "Bob"),
    (ONE, {"disconnect": {}}, None),
    (ONE[1:], {"disconnect": {"name": "x"}}, "Bob"),
    (ONE[1:], {"disconnect": {"name": "Bob"}}, None),
    (ONE, {"update": {"where": {"name": "Bob"}, "data": {"name": "Bea"}}}, "Bea"),
    (ONE, _upsert("Bob"), "Bea"),
    (ONE[:2], _upsert("x"), "Cy"),
    # Partners are not deleted: the foreign key forbids it.
    ((ONE[0], ONE[2]), {"delete": {"name": "Bob"}}, None),
]
ON_ONE = [(relation, verbs, name) for relations, verbs, name in WITH_CONDITIONS for relation in relations]


@pytest.mark.needs("conditions_on_own_table")
async def test_to_one_writes_with_conditions(db: Any) -> None:
    found: list[str | None] = []
    for number, (relation, verbs, _) in enumerate(ON_ONE):
        ada = await db.person.create({"name": f"Ada {number}", relation: {"create": {"name": "Bob"}}})
        changed = await db.person.update({relation: verbs}, {"id": ada.id}, include={relation: True})
        related = getattr(changed, relation)
        found.append(related and related.name)
    assert found == [name for _, _, name in ON_ONE]


async def test_upsert_with_a_condition_and_no_related_record(db: Any) -> None:
    found: list[str] = []
    for relation in ONE:
        ada = await db.person.create({"name": "Ada"})
        changed = await db.person.update({relation: _upsert("Ada")}, {"id": ada.id}, include={relation: True})
        found.append(getattr(changed, relation).name)
    assert found == ["Cy", "Cy", "Cy"]


async def test_upsert_with_a_condition_one_level_down(db: Any) -> None:
    bob = {"name": "Bob", "partner": {"create": {"name": "Di"}}}
    ada = await db.person.create({"name": "Ada", "team": {"create": bob}}, include={"team": True})
    verbs = {"update": {"where": {"id": ada.team[0].id}, "data": {"partner": _upsert("x")}}}
    team = {"include": {"partner": True}}
    changed = await db.person.update({"team": verbs}, {"id": ada.id}, include={"team": team})
    assert [(person.name, person.partner.name) for person in changed.team] == [("Bob", "Cy")]


NOBODY = {"id": 0}
NOWHERE = {"name": "x"}
MISSED = "P2025"
"""Cases in which `update` returns None."""

# What is written into Ada's team, one to many, and into her skills, many to many → a code, or the names that she has.
MISSING: list[tuple[Any, str | set[str], Any, str | set[str]]] = [
    ({"connect": NOBODY}, "P2018", {"connect": NOWHERE}, MISSED),
    (
        {"connect_or_create": {"where": NOBODY, "create": {"name": "Cy"}}},
        {"Bob", "Cy"},
        {"connect_or_create": {"where": NOWHERE, "create": {"name": "c"}}},
        {"sql", "c"},
    ),
    ({"set": [NOBODY]}, set(), {"set": [NOWHERE]}, MISSED),
    ({"disconnect": NOBODY}, {"Bob"}, {"disconnect": NOWHERE}, {"sql"}),
    ({"update": {"where": NOBODY, "data": NOWHERE}}, MISSED, {"update": {"where": NOWHERE, "data": NOWHERE}}, MISSED),
    (
        {"upsert": {"where": NOBODY, "create": {"name": "Cy"}, "update": {}}},
        {"Bob", "Cy"},
        {"upsert": {"where": NOWHERE, "create": {"name": "d"}, "update": {}}},
        {"sql", "d"},
    ),
    ({"delete": NOBODY}, "P2017", {"delete": NOWHERE}, "P2017"),
    ({"update_many": {"where": NOBODY, "data": {"name": "x"}}}, {"Bob"}, {"delete_many": NOWHERE}, {"sql"}),
]
IN_LISTS = [("team", team, names) for team, names, _, _ in MISSING] + [
    ("skills", skills, names) for _, _, skills, names in MISSING
]


async def test_nested_writes_of_missing_records(db: Any) -> None:
    found: list[str | set[str]] = []
    skills = {"connect_or_create": {"where": {"name": "sql"}, "create": {"name": "sql"}}}
    for relation, verbs, _ in IN_LISTS:
        ada = await db.person.create({"name": "Ada", "team": {"create": {"name": "Bob"}}, "skills": skills})
        try:
            changed = await db.person.update({relation: verbs}, {"id": ada.id}, include={relation: True})
        except DataError as error:
            found.append(error.code or "")
        else:
            found.append(MISSED if changed is None else {record.name for record in getattr(changed, relation)})
    assert found == [names for _, _, names in IN_LISTS]


REFUSED: list[tuple[Any, str]] = [
    # Many can have one boss: the compiler would leave the condition out.
    ({"boss": {"disconnect": {"name": "x"}}}, "Input error. `disconnect` of `boss` takes no conditions"),
    ({"skills": {"create_many": {"data": [{"name": "c"}]}}}, "`skills` is a many-to-many relation. Use `create`"),
]


@pytest.mark.parametrize(("data", "sentence"), REFUSED)
async def test_refused_nested_writes(db: Any, data: Any, sentence: str) -> None:
    ada = await db.person.create({"name": "Ada", "boss": {"create": {"name": "Bob"}}})
    with pytest.raises(DataError, match=re.escape(sentence)):
        await db.person.update(data, {"id": ada.id})
    assert await db.person.find_unique({"id": ada.id}) == ada


async def test_implicit_many_to_many(db: Any) -> None:
    await db.skill.create({"name": "sql"})
    ada = await db.person.create(
        {
            "name": "Ada",
            "skills": {
                "connect": [{"name": "sql"}],
                "connect_or_create": [{"where": {"name": "c"}, "create": {"name": "c"}}],
                "create": [{"name": "go"}],
            },
        },
        include={"skills": True},
    )
    assert sorted(skill.name for skill in ada.skills) == ["c", "go", "sql"]
    await db.person.update({"skills": {"disconnect": [{"name": "c"}], "delete": [{"name": "go"}]}}, {"id": ada.id})
    skills = await db.skill.find_many(order={"name": "asc"}, include={"people": True})
    assert [(skill.name, [person.name for person in skill.people]) for skill in skills] == [
        ("c", []),
        ("sql", ["Ada"]),
    ]
    updated = await db.person.update({"skills": {"set": [{"name": "c"}]}}, {"id": ada.id}, include={"skills": True})
    assert [skill.name for skill in updated.skills] == ["c"]
    assert await db.person.count(where={"skills": {"some": {"name": "c"}}}) == 1


async def test_composite_ids_and_uniques(db: Any) -> None:
    await db.company.create({"country": "NL", "number": 1, "name": "One"})
    await db.company.create({"country": "NL", "number": 2, "name": "Two"})
    by_id = await db.company.find_unique(COMPANY)
    by_name = await db.company.find_unique({"called": {"country": "NL", "name": "One"}})
    assert (by_id.name, by_name) == ("One", by_id)
    after = await db.company.find_many(cursor=COMPANY, skip=1, take=1, order=[{"country": "asc"}, {"number": "asc"}])
    assert [company.name for company in after] == ["Two"]
    merged = await db.company.upsert(
        COMPANY, {"create": {"country": "NL", "number": 1, "name": "x"}, "update": {"name": "Uno"}}
    )
    assert merged.name == "Uno"
    with pytest.raises(UniqueViolationError, match=r"\(`country`,`name`\)"):
        await db.company.create({"country": "NL", "number": 3, "name": "Two"})
    deleted = await db.company.delete({"called": {"country": "NL", "name": "Two"}})
    assert (deleted.number, await db.company.count()) == (2, 1)


@pytest.mark.needs("scalar_lists")
async def test_keys_of_two_columns_and_a_column_in_two_relations(db: Any) -> None:
    company = await db.company.create(
        {"country": "NL", "number": 1, "name": "One", "offices": {"create": {}}}, include={"offices": True}
    )
    (office,) = company.offices
    assert (office.country, office.number, office.stamps, hasattr(office, "place")) == (
        "NL",
        1,
        [Base64.encode(b"foo")],
        False,
    )
    clerk = await db.employee.create(
        {"company": {"connect": COMPANY}, "office": {"connect": {"id": office.id}}, "desk": {"create": {}}},
        include={"office": {"include": {"company": True}}, "company": {"include": {"staff": True}}, "desk": True},
    )
    assert (clerk.country, clerk.number, clerk.officeId) == ("NL", 1, office.id)
    assert (clerk.office.company.name, [one.id for one in clerk.company.staff], clerk.desk.employeeId) == (
        "One",
        [clerk.id],
        clerk.id,
    )
    direct = await db.employee.create({"country": "NL", "number": 1, "officeId": office.id})
    assert await db.office.count(where={"staff": {"some": {"id": direct.id}}}) == 1
    with pytest.raises(ForeignKeyViolationError) as caught:
        await db.employee.create({"country": "BE", "number": 1})
    assert "Foreign key constraint failed on the field" in str(caught.value)


async def test_referential_actions(db: Any) -> None:
    await db.company.create({"country": "NL", "number": 1, "name": "One", "offices": {"create": {}}})
    clerk = await db.employee.create({"country": "NL", "number": 1, "desk": {"create": {}}})
    with pytest.raises(ForeignKeyViolationError):  # Restrict
        await db.company.delete(COMPANY)
    with pytest.raises(ForeignKeyViolationError):  # SetDefault: there is no employee 0
        await db.employee.delete({"id": clerk.id})
    await db.desk.delete_many()
    await db.employee.delete({"id": clerk.id})
    await db.company.update({"number": 7}, COMPANY)  # Cascade
    assert (await db.office.find_first_or_raise()).number == 7
    await db.company.delete_many()  # Cascade
    assert await db.office.count() == 0
    boss = await db.person.create({"name": "Ada", "team": {"create": {"name": "Bob"}}})
    await db.person.delete({"id": boss.id})  # SetNull
    bob = await db.person.find_first_or_raise()
    assert bob.bossId is None
    await db.person.create({"name": "Cy", "partnerId": bob.id})
    with pytest.raises(ForeignKeyViolationError):  # NoAction
        await db.person.delete({"id": bob.id})


@pytest.mark.needs("scalar_lists")
async def test_updated_at_and_enum_lists(db: Any) -> None:
    start = datetime.now(UTC) - timedelta(seconds=1)
    person = await db.person.create({"name": "Ada", "moods": ["bad", "good"]})
    assert (person.moods, start < person.updatedAt) == (["bad", "good"], True)
    await db.person.update({"updatedAt": datetime(2000, 1, 1, tzinfo=UTC)}, {"id": person.id})
    set_by_hand = await db.person.find_unique_or_raise({"id": person.id})
    assert set_by_hand.updatedAt == datetime(2000, 1, 1, tzinfo=UTC)
    changed = await db.person.update({"moods": {"push": ["good"]}}, {"id": person.id})
    assert (changed.moods, changed.updatedAt > start) == (["bad", "good", "good"], True)
    assert await db.person.update_many({"name": "Eve"}, where={"moods": {"has": "bad"}}) == 1
    assert (await db.person.find_first_or_raise(where={"moods": {"has_every": ["bad", "good"]}})).updatedAt > start
    assert await db.query_raw('SELECT "moods"[1]::text AS mood FROM "Person"') == [{"mood": "not good"}]


async def test_a_stream_reads_relations_by_queries_of_their_own(db: Any) -> None:
    for name in "abcdefg":
        await db.person.create({"name": name, "team": {"create": [{"name": f"{name}{number}"} for number in range(3)]}})
    include = {"team": {"order_by": {"name": "desc"}, "take": 2}, "boss": {"include": {"team": True}}}
    found = await db.person.find_many(include=include, order={"name": "asc"})
    streamed = [person async for person in db.person.stream(include=include, order={"name": "asc"}, batch_size=5)]
    assert (len(found), streamed) == (28, found)
    for refused in ({"distinct": ["name"]}, {"cursor": {"id": found[0].id}}):
        with pytest.raises(InputError, match="needs all records at once here"):
            await anext(db.person.stream(include=include, **refused))
