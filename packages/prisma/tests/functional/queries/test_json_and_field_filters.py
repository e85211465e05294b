"""Filters that 0.15.0 did not have: inside JSON, its nulls, other fields, sets of enums, and combinations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma import AnyNull, DbNull, Json, JsonNull
from prisma.errors import InputError

pytestmark = pytest.mark.schema("blog")

DOCUMENTS: dict[str, Any] = {
    "dark": Json({"theme": "dark", "size": 1, "tags": ["x", "y"], "deep": {"at": [{"key": "v"}]}}),
    "darker": Json({"theme": "Darker", "size": 5, "tags": ["y", "x", ["z"]]}),
    "light": Json({"theme": "light", "size": "10", "tags": [], "deep": {"at": None}}),
    "list": Json(["x", "y"]),
    "text": Json("dark matter"),
    "number": Json(7),
}


@pytest.fixture
async def documents(db: Any) -> None:
    """A user for each document; beside one with the database's NULL, and one with JSON's."""
    rows = {**DOCUMENTS, "nothing": DbNull, "null": JsonNull}
    await db.user.create_many([{"name": name, "data": data} for name, data in rows.items()])


async def _names(db: Any, where: Any) -> set[str]:
    return {user.name for user in await db.user.find_many(where=where)}


async def _found(db: Any, field: str, cases: list[tuple[Any, set[str]]]) -> list[tuple[str, set[str]]]:
    """Return the conditions as text, each with the names of the users for whom it holds."""
    return [(str(condition), await _names(db, {field: condition})) for condition, _ in cases]


def _expected(cases: list[tuple[Any, set[str]]]) -> list[tuple[str, set[str]]]:
    return [(str(condition), names) for condition, names in cases]


INSIDE: list[tuple[dict[str, Any], set[str]]] = [
    ({"path": ["theme"], "equals": Json("dark")}, {"dark"}),
    ({"path": ["deep", "at", "0", "key"], "equals": Json("v")}, {"dark"}),
    ({"path": ["theme"], "not": Json("dark")}, {"darker", "light"}),
    ({"path": ["theme"], "string_contains": "ar"}, {"dark", "darker"}),
    ({"path": ["theme"], "string_starts_with": "da"}, {"dark"}),
    ({"path": ["theme"], "string_starts_with": "da", "mode": "insensitive"}, {"dark", "darker"}),
    ({"path": ["theme"], "string_contains": "AR", "mode": "insensitive"}, {"dark", "darker"}),
    ({"path": ["theme"], "string_ends_with": "t"}, {"light"}),
    ({"path": ["theme"], "string_ends_with": "T", "mode": "insensitive"}, {"light"}),
    ({"path": ["tags"], "array_contains": Json(["x"])}, {"dark", "darker"}),
    ({"path": ["tags"], "array_contains": Json(["x", "y"])}, {"dark", "darker"}),
    ({"path": ["tags"], "array_contains": Json([["z"]])}, {"darker"}),
    ({"path": ["tags"], "array_starts_with": Json("y")}, {"darker"}),
    ({"path": ["tags"], "array_ends_with": Json("y")}, {"dark"}),
    ({"path": ["tags"], "array_ends_with": Json(["z"])}, {"darker"}),
    ({"path": ["size"], "lt": Json(5)}, {"dark"}),
    ({"path": ["size"], "lte": Json(5)}, {"dark", "darker"}),
    ({"path": ["size"], "gt": Json(1)}, {"darker"}),
    ({"path": ["size"], "gte": Json(1), "lt": Json(2.5)}, {"dark"}),
    ({"path": ["size"], "gte": Json("1")}, {"light"}),
    ({"path": ["theme"], "gt": Json("darj"), "lt": Json("lighu")}, {"dark", "light"}),
    # Without a path the whole value is meant.
    ({"string_starts_with": "dark"}, {"text"}),
    ({"string_contains": "MATTER", "mode": "insensitive"}, {"text"}),
    ({"string_contains": "dark", "string_ends_with": "matter", "not": Json("x")}, {"text"}),
    ({"string_contains": '"'}, set()),
    ({"array_contains": Json(["y"])}, {"list"}),
    ({"array_starts_with": Json("x")}, {"list"}),
    ({"array_ends_with": Json("y")}, {"list"}),
    ({"gte": Json(7)}, {"number"}),
]


async def test_filters_on_paths(db: Any, documents: None) -> None:
    assert await _found(db, "data", INSIDE) == _expected(INSIDE)


async def test_combined_json_filters(db: Any, documents: None) -> None:
    sizes = {"data": {"path": ["size"], "gt": Json(0)}}
    themes = {"data": {"path": ["theme"], "string_contains": "dark"}}
    assert [
        await _names(db, {"AND": [sizes, themes]}),
        await _names(db, {"OR": [sizes, themes]}),
        await _names(db, {**sizes, "NOT": themes}),
    ] == [{"dark"}, {"dark", "darker"}, {"darker"}]


NULLS: list[tuple[Any, set[str]]] = [
    (DbNull, {"nothing"}),
    (JsonNull, {"null"}),
    (AnyNull, {"nothing", "null"}),
    (None, {"nothing"}),
    ({"equals": DbNull}, {"nothing"}),
    ({"equals": JsonNull}, {"null"}),
    ({"equals": AnyNull}, {"nothing", "null"}),
    ({"equals": None}, {"nothing"}),
    ({"equals": Json(None)}, {"null"}),
    ({"not": DbNull}, {*DOCUMENTS, "null"}),
    ({"not": JsonNull}, {*DOCUMENTS}),
    ({"not": AnyNull}, {*DOCUMENTS}),
    ({"not": None}, {*DOCUMENTS, "null"}),
    ({"path": ["deep", "at"], "equals": JsonNull}, {"light"}),
]


async def test_nulls_in_filters(db: Any, documents: None) -> None:
    assert await _found(db, "data", NULLS) == _expected(NULLS)


async def test_nulls_in_writes(db: Any) -> None:
    values: dict[str, Any] = {"a": DbNull, "b": JsonNull, "c": None, "d": Json(None), "e": Json({"a": None})}
    for name, value in values.items():
        # Each is written three times: into a new row, over a value, and by an upsert.
        await db.user.create({"name": name, "data": value})
        await db.user.create({"name": name * 2, "data": Json(1)})
        await db.user.update({"data": value}, {"name": name * 2})
        data = {"create": {"name": name * 3, "data": value}, "update": {}}
        await db.user.upsert({"name": name * 3}, data)
    kinds = await db.query_raw(
        'SELECT substr("name", 1, 1) AS "name", jsonb_typeof("data") AS "kind", count(*)::int AS "count" '
        'FROM "User" GROUP BY 1, 2 ORDER BY 1'
    )
    assert [(row["name"], row["kind"], row["count"]) for row in kinds] == [
        ("a", None, 3),
        ("b", "null", 3),
        ("c", None, 3),
        ("d", "null", 3),
        ("e", "object", 3),
    ]


@pytest.fixture
async def accounts(db: Any) -> None:
    """Two accounts: in the first each pair of fields is equal, in the second it is not."""
    then, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    await db.account.create_many(
        [
            {
                "owner": "same",
                "email": "same",
                **dict.fromkeys(("low", "high"), 1),
                **dict.fromkeys(("spent", "budget"), Decimal("1.50")),
                **dict.fromkeys(("opened", "seen"), then),
                **dict.fromkeys(("data", "backup"), Json({"a": 1})),
                "names": ["same"],
            },
            {
                "owner": "other",
                "email": "an.other@example.com",
                "low": 1,
                "high": 2,
                "spent": Decimal("9.99"),
                "budget": Decimal("1.50"),
                "opened": then,
                "seen": later,
                "data": Json({"a": 1}),
                "backup": Json({"a": 2}),
                "names": ["x"],
            },
        ]
    )


REFERENCES: list[tuple[str, Any, set[str]]] = [
    ("owner", lambda fields: fields.email, {"same"}),
    ("owner", lambda fields: {"equals": fields.email}, {"same"}),
    ("owner", lambda fields: {"not": fields.email}, {"other"}),
    ("email", lambda fields: {"contains": fields.owner}, {"same", "other"}),
    ("email", lambda fields: {"startswith": fields.owner}, {"same"}),
    ("email", lambda fields: {"endswith": fields.owner}, {"same"}),
    ("owner", lambda fields: {"in": fields.names}, {"same"}),
    ("owner", lambda fields: {"not_in": fields.names}, {"other"}),
    ("names", lambda fields: {"has": fields.owner}, {"same"}),
    ("names", lambda fields: {"has_every": fields.names}, {"same", "other"}),
    ("names", lambda fields: {"has_some": fields.names}, {"same", "other"}),
    ("low", lambda fields: {"lt": fields.high}, {"other"}),
    ("low", lambda fields: {"gte": fields.high}, {"same"}),
    ("low", lambda fields: {"not": {"lt": fields.high}}, {"same"}),
    ("low", lambda fields: {"lte": fields.high, "gt": 0}, {"same", "other"}),
    ("spent", lambda fields: {"gt": fields.budget}, {"other"}),
    ("seen", lambda fields: {"lte": fields.opened}, {"same"}),
    ("data", lambda fields: {"equals": fields.backup}, {"same"}),
    ("data", lambda fields: {"not": fields.backup}, {"other"}),
]


async def test_field_references(db: Any, accounts: None) -> None:
    found: list[tuple[str, str, set[str]]] = []
    for field, condition, _ in REFERENCES:
        where = {field: condition(db.account.fields)}
        found.append((field, str(where), {account.owner for account in await db.account.find_many(where=where)}))
    assert found == [
        (field, str({field: condition(db.account.fields)}), names) for field, condition, names in REFERENCES
    ]


NO_LIST = "takes no list to compare with, but `names` of Account is String[]: use"
MISREFERENCES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("names", lambda fields: fields.names, f"`where.names` {NO_LIST} `has_every` or `has_some`."),
    ("names", lambda fields: {"equals": fields.names}, f"`where.names.equals` {NO_LIST} `has_every` or `has_some`."),
    ("names", lambda fields: {"has": fields.names}, f"`where.names.has` {NO_LIST} `has_some`."),
    (
        "names",
        lambda fields: {"has_some": fields.owner},
        "`where.names.has_some` takes a field of type String[], but `owner` of Account is String.",
    ),
    (
        "owner",
        lambda fields: {"not_in": fields.email},
        "`where.owner.not_in` takes a field of type String[], but `email` of Account is String.",
    ),
    (
        "spent",
        lambda fields: {"gt": fields.low},
        "`where.spent.gt` takes a field of type Decimal, but `low` of Account is Int.",
    ),
]


async def test_references_inside_relations(db: Any) -> None:
    await db.user.create({"name": "Ada"})
    await db.post.create_many([{"title": "x", "views": 1, "authorId": 1}, {"title": "y", "views": 2, "authorId": 1}])
    fields = db.post.fields
    counts = [
        await db.user.count(where={"posts": {"some": {"views": {condition: fields.authorId}}}})
        for condition in ("equals", "lt", "gt")
    ]
    assert counts == [1, 0, 1]


async def test_references_to_fields_of_other_types(db: Any) -> None:
    said: list[str] = []
    for field, condition, _ in MISREFERENCES:
        with pytest.raises(InputError) as caught:
            await db.account.count(where={field: condition(db.account.fields)})
        said.append(str(caught.value))
    assert said == [f"Input error. {sentence}" for _, _, sentence in MISREFERENCES]


MOODS: list[tuple[dict[str, Any], set[str]]] = [
    ({"equals": "good"}, {"glad"}),
    ({"in": ["good"]}, {"glad"}),
    ({"in": ["good", "bad"]}, {"glad", "sad"}),
    ({"in": []}, set()),
    ({"not_in": ["good"]}, {"sad"}),
    ({"not_in": []}, {"glad", "sad", "calm"}),
    ({"not": "good"}, {"sad"}),
    ({"not": None}, {"glad", "sad"}),
    ({"not": {"in": ["bad"]}}, {"glad"}),
    ({"not": {"equals": "bad"}}, {"glad"}),
    ({"equals": None}, {"calm"}),
    ({"in": ["good", "bad"], "not": "bad"}, {"glad"}),
]


@pytest.mark.parametrize("kind", ["texts", "members"])
async def test_enum_filters(db: Any, package: Any, kind: str) -> None:
    await db.user.create_many([{"name": "glad", "mood": "good"}, {"name": "sad", "mood": "bad"}, {"name": "calm"}])

    def made(value: Any) -> Any:
        """Return a condition with members of the enum's class, where the test is about them."""
        if isinstance(value, dict):
            return {name: made(operand) for name, operand in value.items()}
        if isinstance(value, list):
            return [made(each) for each in value]
        return package.client.models.enums.Mood(value) if value and kind == "members" else value

    cases = [(made(condition), names) for condition, names in MOODS]
    assert await _found(db, "mood", cases) == _expected(cases)


UNIQUE: list[tuple[dict[str, Any], bool]] = [
    ({"score": 3}, True),
    ({"score": {"gt": 3}}, False),
    ({"mood": None}, True),
    ({"AND": [{"score": 3}, {"active": True}]}, True),
    ({"AND": {"score": 4}}, False),
    ({"OR": [{"score": 4}, {"active": True}]}, True),
    ({"OR": [{"score": 4}, {"active": False}]}, False),
    ({"NOT": {"score": 3}}, False),
    ({"NOT": [{"score": 4}]}, True),
    ({"posts": {"some": {"title": "first"}}}, True),
    ({"posts": {"none": {}}}, False),
    ({"profile": None}, True),
    ({"id": 1}, True),
    ({"id": 2}, False),
]


async def test_unique_key_with_more_conditions(db: Any, ada: Any) -> None:
    found: list[tuple[str, list[int | None]]] = []
    for condition, _ in UNIQUE:
        where = {"name": "Ada", **condition}
        manager = db.tx()
        tx = await manager.start()
        records = [await tx.user.find_unique(where), await tx.user.update({"ratio": 1.0}, where)]
        records.append(await tx.user.delete(where))
        await manager.rollback()
        found.append((str(condition), [record and record.id for record in records]))
    assert found == [(str(condition), [ada.id if holds else None] * 3) for condition, holds in UNIQUE]


async def test_compound_key_with_more_conditions(db: Any, ada: Any) -> None:
    key = {"title_views": {"title": "first", "views": 5}}
    found = [
        await db.post.find_unique({**key, **condition})
        for condition in ({"author": {"is": {"name": "Ada"}}}, {"authorId": None}, {"OR": [{"id": 99}, {"views": 5}]})
    ]
    assert [post and post.title for post in found] == ["first", None, "first"]


SINGLE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"AND": {"score": 3, "active": True}}, {"AND": [{"score": 3, "active": True}]}, "Ada"),
    ({"AND": {"score": 4}}, {"AND": [{"score": 4}]}, "Bob"),
    ({"NOT": {"score": 3}}, {"NOT": [{"score": 3}]}, "Bob"),
    ({"NOT": {"score": 4}}, {"NOT": [{"score": 4}]}, "Ada"),
    ({"AND": {"NOT": {"AND": {"name": "Bob"}}}}, {"AND": [{"NOT": [{"AND": [{"name": "Bob"}]}]}]}, "Ada"),
    ({"posts": {"some": {"NOT": {"views": 0}}}}, {"posts": {"some": {"NOT": [{"views": 0}]}}}, "Ada"),
]


async def test_single_condition_instead_of_a_list(db: Any, ada: Any) -> None:
    await db.user.create({"name": "Bob", "score": 4})
    found = [(str(single), await _names(db, single)) for single, _, _ in SINGLE]
    listed = [(str(single), await _names(db, several)) for single, several, _ in SINGLE]
    assert found == listed == [(str(single), {name}) for single, _, name in SINGLE]


async def test_single_condition_instead_of_a_list_in_having(db: Any, ada: Any) -> None:
    await db.user.create({"name": "Bob", "score": 4})
    groups = [
        await db.user.group_by(["name"], having=having)
        for having in ({"NOT": {"name": "Ada"}}, {"AND": {"score": {"_max": {"lt": 4}}}})
    ]
    assert groups == [[{"name": "Bob"}], [{"name": "Ada"}]]
