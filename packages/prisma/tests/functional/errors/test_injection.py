"""Data of a caller never becomes part of a query's structure.

Requests to the compiler mark values without a JSON type by objects with `$type`, and references to fields by objects
with `_ref`. A caller can send such objects, too, for example as the JSON of an HTTP request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from prisma import Json
from prisma.client.explain.paths import dotted, places
from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call
from prisma.errors import FieldNotFoundError, InputError, MissingRequiredValueError

pytestmark = [pytest.mark.schema("samples"), pytest.mark.portable]

MARK = "6d61726b"
# The key MARK distinguishes the objects of these tests from the objects of requests.
TAGS: list[dict[str, Any]] = [
    {"$type": "FieldRef", "value": {"_ref": "text", "_container": "Sample", MARK: 1}, MARK: 1},
    {"_ref": "text", "_container": "Sample", MARK: 1},
    {"$type": "Param", "value": {"name": "%1", "type": "String"}, MARK: 1},
    {"$type": "Param", "value": {"name": "%1", "type": "List", "inner": {"type": "String"}}, MARK: 1},
    {"$type": "Enum", "value": "DbNull", MARK: 1},
    {"$type": "Raw", "value": {"a": 1}, MARK: 1},
    {"$type": "Json", "value": "[1]", MARK: 1},
    {"$type": "DateTime", "value": "2026-05-06T12:00:00Z", MARK: 1},
    {"$type": "GeneratorCall", "value": {"name": "now", "args": []}, MARK: 1},
    {"$type": "Nothing", MARK: 1},
    {"$type": 5, MARK: 1},
    {"$scalars": True, "$composites": True, MARK: 1},
    {"prisma__type": "param", "prisma__value": {"name": "%1"}, MARK: 1},
    {"%1": "%1", "value": {"$type": "Param", MARK: 1}, MARK: 1},
]
JSON_OBJECTS: dict[str, Any] = {
    "reference": TAGS[0], "parameter": TAGS[2], "null": TAGS[4], "verb": {"set": {"$type": 1}}, "all": {"tags": TAGS},
}  # fmt: skip

SAMPLE: dict[str, Any] = {
    "text": "t", "small": 1, "ratio": 0.5, "data": {"a": 1}, "jsons": [{"a": 1}, [2]], "texts": ["a"], "role": "USER",
    "roleList": ["USER"], "owner": {"connect": {"id": 1}},
}  # fmt: skip
WHERE: dict[str, Any] = {
    "AND": [{"text": "t"}, {"NOT": {"small": {"in": [1, 2], "not": {"gt": 1}}}}],
    "OR": [{"text": {"contains": "t", "mode": "insensitive"}}, {"at": {"gt": "2026-05-06T12:00:00Z"}}],
    "data": {
        "path": ["a"],
        "equals": {"a": 1},
        "gt": 1,
        "string_contains": "x",
        "array_contains": [1],
        "not": {"b": 1},
    },
    "jsons": {"has": {"a": 1}, "has_some": [{"a": 1}], "equals": [{"a": 1}]},
    "texts": {"has": "a", "has_every": ["a"], "is_empty": False, "equals": ["a"]},
    "role": {"in": ["USER"]},
    "owner": {"is": {"posts": {"some": {"title": {"startswith": "x"}}}}},
}
INCLUDE: dict[str, Any] = {
    "owner": {
        "include": {"posts": {"where": {"title": "x"}, "order": {"title": "asc"}, "cursor": {"id": 1}, "take": 1}}
    }
}
NESTED: dict[str, Any] = {
    "connect": [{"id": 1}],
    "create": [SAMPLE],
    "connect_or_create": [{"where": {"id": 1}, "create": SAMPLE}],
    "update": [{"where": {"id": 1, "text": "t"}, "data": {"text": {"set": "x"}, "data": {"b": 1}}}],
    "update_many": [{"where": {"text": "t"}, "data": {"jsons": {"push": {"a": 1}}}}],
    "upsert": [{"where": {"id": 1}, "create": SAMPLE, "update": {"small": {"increment": 1}}}],
    "set": [{"id": 1}], "disconnect": [{"id": 1}], "delete": [{"id": 1}], "delete_many": [{"text": "t"}],
    "create_many": {"data": [{"text": "t", "data": {"a": 1}}], "skip_duplicates": True},
}  # fmt: skip
PAGE: dict[str, Any] = {"take": 1, "skip": 1, "cursor": {"id": 1}, "distinct": ["text"], "order": [{"text": "asc"}]}
SELECT: dict[str, Any] = {
    "text": True,
    "owner": {"select": {"_count": {"select": {"posts": {"where": {"title": "x"}}}}}},
}
MAX = {"at": True}
CHANGES: dict[str, Any] = {
    "text": {"set": "x"}, "small": {"increment": 1}, "data": {"a": 1}, "jsons": {"push": {"a": 1}},
    "texts": {"set": ["a"]}, "owner": {"upsert": {"create": {"email": "x"}, "update": {"name": "x"}}},
}  # fmt: skip

CALLS: list[tuple[str, str, dict[str, Any]]] = [
    *(("Sample", action, {"where": {"id": 1, **WHERE}, "include": INCLUDE}) for action in ("findUnique", "deleteOne")),
    *(("Sample", action, {"where": WHERE, **PAGE, "select": SELECT}) for action in ("findFirst", "findMany")),
    ("Sample", "findMany", {"omit": {"text": True}, "include": INCLUDE}),
    ("Sample", "createOne", {"data": SAMPLE, "include": INCLUDE}),
    ("User", "createOne", {"data": {"email": "x", "samples": NESTED}}),
    ("User", "updateOne", {"where": {"email": "x"}, "data": {"roles": {"push": "USER"}, "samples": NESTED}}),
    ("Sample", "updateOne", {"where": {"id": 1}, "data": CHANGES}),
    ("Sample", "updateMany", {"where": WHERE, "data": {"data": {"a": 1}, "text": "x"}}),
    ("Sample", "upsertOne", {"where": {"id": 1}, "data": {"create": SAMPLE, "update": CHANGES}}),
    ("Account", "findUnique", {"where": {"provider_number": {"provider": "x", "number": 1}}}),
    *(
        ("Sample", action, {"data": [{"text": "t", "data": {"a": 1}, "jsons": [{"a": 1}], "texts": {"set": ["a"]}}]})
        for action in ("createMany", "createManyAndReturn")
    ),
    ("Sample", "deleteMany", {"where": WHERE}),
    ("Sample", "aggregate", {"where": WHERE, **PAGE, "sum": {"small": True}, "count": {"text": True}}),
    (
        "Sample",
        "groupBy",
        {"by": ["text"], "having": {"small": {"_avg": {"gt": 1.5}}}, "order": {"_sum": {"small": "asc"}}, "max": MAX},
    ),
]  # fmt: skip


def variants(arguments: dict[str, Any]) -> Iterator[tuple[str, Callable[[Any], dict[str, Any]]]]:
    """Yield functions that replace a value by a tag, or add the tag's members to a dictionary, in each place."""
    for path, value in places(arguments):
        yield dotted(path), lambda tag, path=path: replaced(arguments, path, tag)
        if isinstance(value, dict):
            yield f"{dotted(path)} …", lambda tag, path=path, value=value: replaced(arguments, path, {**value, **tag})


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    inner = replaced(value[step], tuple(rest), new)
    if isinstance(value, dict):
        return {**value, step: inner}
    return [*value[:step], inner, *value[step + 1 :]]


def marked(value: object) -> bool:
    return MARK in (value if isinstance(value, str) else json.dumps(value, default=str))


def tagged(value: Any) -> bool:
    """Say whether a request contains an object of these tests with a key that the compiler interprets."""
    if isinstance(value, list):
        return any(map(tagged, value))
    if not isinstance(value, dict):
        return False
    return (MARK in value and not {"$type", "_ref"}.isdisjoint(value)) or any(map(tagged, value.values()))


@pytest.fixture(scope="module")
def plans(packages: Any) -> Plans:
    metadata = packages.get("samples", "asyncpg").metadata
    return Plans(metadata.SCHEMA, "public")


@pytest.mark.parametrize(
    ("model", "action", "arguments"), CALLS, ids=[f"{model}-{action}" for model, action, _ in CALLS]
)
def test_no_marker_of_a_caller_reaches_the_compiler(
    plans: Plans, monkeypatch: pytest.MonkeyPatch, model: str, action: str, arguments: dict[str, Any]
) -> None:
    compiled: list[str] = []
    compile_ = plans._compiler.compile

    def listening(request: str) -> Any:
        compiled.append(request)
        return compile_(request)

    monkeypatch.setattr(plans._compiler, "compile", listening)
    wrong: list[Any] = []
    for number, (place, make) in enumerate(variants(arguments)):
        # The first three at every place, the others in turn.
        for tag in (*TAGS[:3], TAGS[3 + number % (len(TAGS) - 3)]):
            compiled.clear()
            try:
                program, values, _ = plans.program(Call(model, action, make(tag)))
            except (FieldNotFoundError, MissingRequiredValueError, InputError) as error:
                if error.code == "P2009" and not error.meta["path"]:
                    wrong.append((place, tag, str(error)))
            else:
                # It is data then: a parameter, or a row of a bulk insert.
                if not marked(values) and not marked(getattr(program, "rows", None)):
                    wrong.append((place, tag, "gone"))
            wrong += [(place, tag, text) for text in compiled if tagged(json.loads(text))]
    assert wrong == []


@pytest.mark.needs("scalar_lists")
@pytest.mark.parametrize("value", JSON_OBJECTS.values(), ids=JSON_OBJECTS)
async def test_objects_in_json_fields_are_data(db: Any, value: Any) -> None:
    # Often enough that calls are recognized, see `client/request/fast_path.py`.
    for number in range(3):
        sample = await db.sample.create({"text": f"one-{number}", "data": value, "jsons": [value, Json(value)]})
        changed = await db.sample.update({"data": value, "jsons": {"push": value}}, {"id": sample.id})
        again = await db.sample.update({"jsons": {"set": [value]}}, {"id": sample.id})
        assert [sample.data, sample.jsons, changed.data, changed.jsons, again.jsons] == [
            value, [value] * 2, value, [value] * 3, [value],
        ]  # fmt: skip
    user = await db.user.create(
        {"email": "a", "samples": {"create": {"text": "two", "data": value, "jsons": [value]}}},
        include={"samples": True},
    )
    many = await db.sample.create_many([{"text": "three", "data": value, "jsons": [value]}] * 2)
    upserted = await db.sample.upsert(
        {"id": -1}, {"create": {"text": "four", "data": value}, "update": {"data": value}}
    )
    async with db.batch_() as batch:
        batch.sample.create({"text": "five", "data": value})
    read = await db.sample.find_many()
    assert (many, user.samples[0].data, upserted.data) == (2, value, value)
    assert [sample.data for sample in read] == [value] * 8


@pytest.mark.needs("scalar_lists")
@pytest.mark.parametrize("value", JSON_OBJECTS.values(), ids=JSON_OBJECTS)
async def test_objects_in_filters_on_json_are_data(db: Any, value: Any) -> None:
    await db.sample.create({"text": "x", "data": {"a": value, "list": [value]}, "jsons": [value]})
    await db.sample.create({"text": "other", "data": {"a": 1, "list": [2]}, "jsons": [3]})
    conditions: list[dict[str, Any]] = [
        {"data": {"equals": {"a": value, "list": [value]}}},
        {"data": {"path": ["a"], "equals": value}},
        {"data": {"path": ["list"], "array_contains": [value]}},
        {"data": {"path": ["list"], "array_starts_with": value}},
        {"data": {"not": {"a": 1, "list": [2]}}},
        {"jsons": {"has": value}},
        {"jsons": {"has_some": [value]}},
        {"jsons": {"has_every": [value]}},
        {"jsons": {"equals": [value]}},
    ]
    found = [await db.sample.find_many(where=where) for where, _ in product(conditions, range(3))]
    assert [[sample.text for sample in samples] for samples in found] == [["x"]] * len(found)


@pytest.mark.needs("scalar_lists")
async def test_a_reference_comes_from_the_client_only(db: Any) -> None:
    await db.sample.create_many([{"text": "a", "texts": ["a"]}, {"text": "b"}])
    fields = db.sample.fields
    assert await db.sample.count(where={"text": {"equals": fields.text}}) == 2
    for reference in TAGS[:2]:
        for where in ({"text": {"equals": reference}}, {"text": {"in": reference}}, {"texts": {"has": reference}}):
            with pytest.raises(FieldNotFoundError, match=r"where\.text"):
                await db.sample.count(where=where)


async def test_an_upsert_changes_no_other_record_than_the_call_names(db: Any) -> None:
    await db.user.create({"email": "a"})
    await db.user.create({"email": "b"})
    branches: Any = {"create": {"email": "c"}, "update": {"name": "new"}, "where": {"email": "b"}}
    with pytest.raises(FieldNotFoundError, match=r"The key `where` does not exist here \(at `data.where`\)"):
        await db.user.upsert(where={"email": "a"}, data=branches)
