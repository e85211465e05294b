"""Filters inside JSON values, and NULL of the database and of JSON."""

from __future__ import annotations

from typing import Any

import pytest

from prisma import AnyNull, DbNull, Json, JsonNull
from servers.spellings import Spelling

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

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
    """A user for each document, one with the database's NULL, and one with JSON's null."""
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
    ({"path": ["deep", "at"], "equals": JsonNull}, {"light"}),
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


@pytest.mark.needs("json_path_lists")
async def test_filters_on_paths(db: Any, documents: None) -> None:
    assert await _found(db, "data", INSIDE) == _expected(INSIDE)


@pytest.mark.needs("json_path_lists")
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
]


async def test_nulls_in_filters(db: Any, documents: None) -> None:
    assert await _found(db, "data", NULLS) == _expected(NULLS)


@pytest.mark.needs("standard_quotes")
async def test_nulls_in_writes(db: Any, spelling: Spelling) -> None:
    values: dict[str, Any] = {"a": DbNull, "b": JsonNull, "c": None, "d": Json(None), "e": Json({"a": None})}
    for name, value in values.items():
        # Each is written three times: into a new row, over a value, and by an upsert.
        await db.user.create({"name": name, "data": value})
        await db.user.create({"name": name * 2, "data": Json(1)})
        await db.user.update({"data": value}, {"name": name * 2})
        data = {"create": {"name": name * 3, "data": value}, "update": {}}
        await db.user.upsert({"name": name * 3}, data)
    kinds = await db.query_raw(
        f"""SELECT substr("name", 1, 1) AS "name", {spelling.json_kind('"data"')} AS "kind", count(*) AS "count" """
        'FROM "User" GROUP BY 1, 2 ORDER BY 1'
    )
    assert [(row["name"], row["kind"], row["count"]) for row in kinds] == [
        ("a", None, 3),
        ("b", "null", 3),
        ("c", None, 3),
        ("d", "null", 3),
        ("e", "object", 3),
    ]
