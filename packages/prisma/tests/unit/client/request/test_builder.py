"""The request that a call becomes: its text, its parameters, and its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma.client.request.builder import RequestBuilder
from prisma.client.request.call import Call
from prisma.errors import InputError, UnknownModelError
from prisma.fields import Base64, Json
from prisma.schema.metadata import Enum, Field, Model, Schema, Url

SCHEMA = Schema(
    datamodel="",
    provider="postgresql",
    datasource="db",
    url=Url(env="DATABASE_URL"),
    path="schema.prisma",
    preview_features=(),
    models={
        "User": Model(
            "User",
            "users",
            None,
            {
                field.name: field
                for field in (
                    Field("id", "scalar", "String", "id", has_default=True, is_unique=True),
                    Field("email", "scalar", "String", "email", is_unique=True),
                    Field("name", "scalar", "String", "name", is_required=False),
                    Field("age", "scalar", "Int", "age", is_required=False),
                    Field("balance", "scalar", "Decimal", "balance"),
                    Field("role", "enum", "Role", "role"),
                    Field("tags", "scalar", "String", "tags", is_list=True),
                    Field("data", "scalar", "Json", "data", is_required=False),
                    Field("items", "scalar", "Json", "items", is_list=True),
                    Field("avatar", "scalar", "Bytes", "avatar", is_required=False),
                    Field("createdAt", "scalar", "DateTime", "created_at", has_default=True),
                    Field("posts", "relation", "Post", "posts", is_list=True),
                )
            },
        ),
        "Post": Model(
            "Post",
            "posts",
            None,
            {
                field.name: field
                for field in (
                    Field("id", "scalar", "Int", "id", has_default=True, is_unique=True),
                    Field("title", "scalar", "String", "title"),
                    Field("userId", "scalar", "String", "user_id", is_unique=True),
                    Field("slug", "scalar", "String", "slug", is_unique=True),
                    Field("user", "relation", "User", "user"),
                )
            },
            uniques={"userId_slug": ("userId", "slug")},
        ),
    },
    enums={"Role": Enum("Role", {"ADMIN": "admin", "USER": "user"})},
)
SCALARS = {"$composites": True, "$scalars": True}


def param(index: int, type_: str = "String") -> dict[str, Any]:
    return {"$type": "Param", "value": {"name": f"%{index}", "type": type_}}


def params(index: int, type_: str = "String") -> dict[str, Any]:
    return {"$type": "Param", "value": {"name": f"%{index}", "type": "List", "inner": {"type": type_}}}


DB_NULL = {"$type": "Enum", "value": "DbNull"}
NOON = datetime(2024, 5, 6, 12, 0, 0, 123456)

WHERE = [
    ({"email": "a"}, {"email": param(1)}, ["a"]),
    ({"name": None}, {"name": None}, []),
    ({"name": {"equals": None}}, {"name": {"equals": None}}, []),
    (
        {"age": {"gte": 1, "not": {"in": [2, 3]}}},
        {"age": {"gte": param(1, "Int"), "not": {"in": params(2, "Int")}}},
        [1, [2, 3]],
    ),
    ({"age": {"not_in": []}}, {"age": {"notIn": params(1, "Int")}}, [[]]),
    (
        {"name": {"startswith": "a", "mode": "insensitive"}},
        {"name": {"startsWith": param(1), "mode": "insensitive"}},
        ["a"],
    ),
    ({"role": "ADMIN"}, {"role": param(1, "Enum")}, ["admin"]),
    ({"role": {"in": ["ADMIN", "USER"]}}, {"role": {"in": params(1, "Enum")}}, [["admin", "user"]]),
    ({"balance": {"lt": Decimal("1.5")}}, {"balance": {"lt": param(1, "Float")}}, [Decimal("1.5")]),
    ({"tags": {"has_some": ["a"], "is_empty": False}}, {"tags": {"hasSome": params(1), "isEmpty": False}}, [["a"]]),
    ({"tags": {"has": "a"}}, {"tags": {"has": param(1)}}, ["a"]),
    ({"data": {"equals": Json({"a": 1})}}, {"data": {"equals": param(1, "Json")}}, ['{"a":1}']),
    ({"data": {"equals": None}}, {"data": {"equals": DB_NULL}}, []),
    ({"data": {"path": ["a"], "array_contains": None}}, {"data": {"path": ["a"], "array_contains": None}}, []),
    ({"items": {"has": None}}, {"items": {"has": None}}, []),
    ({"data": {"path": ["a"], "gt": 1}}, {"data": {"path": ["a"], "gt": 1}}, []),
    ({"avatar": Base64.encode(b"x")}, {"avatar": param(1, "Bytes")}, [b"x"]),
    (
        {"createdAt": {"lt": NOON}},
        {"createdAt": {"lt": param(1, "DateTime")}},
        [datetime(2024, 5, 6, 12, 0, 0, 123000, UTC)],
    ),
    (
        {"posts": {"some": {"title": {"contains": "x"}}, "none": {}}},
        {"posts": {"some": {"title": {"contains": param(1)}}, "none": {}}},
        ["x"],
    ),
    (
        {"AND": [{"email": "a"}], "OR": [{"age": 1}, {"age": 2}], "NOT": {"name": "b"}},
        {
            "AND": [{"email": param(1)}],
            "OR": [{"age": param(2, "Int")}, {"age": param(3, "Int")}],
            "NOT": {"name": param(4)},
        },
        ["a", 1, 2, "b"],
    ),
    # A value that does not fit the field is passed on unchanged, and the compiler refuses it.
    ({"age": "old"}, {"age": "old"}, []),
    ({"age": True}, {"age": True}, []),
    ({"role": "KING"}, {"role": "KING"}, []),
    ({"agee": 1}, {"agee": 1}, []),
    ({"age": {"in": [1, None]}}, {"age": {"in": [1, None]}}, []),
]


@pytest.mark.parametrize(("where", "expected", "values"), WHERE, ids=[str(case[0]) for case in WHERE])
def test_where(where: dict[str, Any], expected: dict[str, Any], values: list[Any]) -> None:
    request = RequestBuilder(SCHEMA).request(Call("User", "findMany", {"where": where, "take": None}))
    assert (json.loads(request.text), request.values, request.numbers) == (
        {
            "modelName": "User",
            "action": "findMany",
            "query": {"arguments": {"where": expected}, "selection": SCALARS},
        },
        values,
        [],
    )


DATA = [
    ({"email": "a", "name": None}, {"email": param(1), "name": param(2)}, ["a", None]),
    ({"email": None}, {"email": None}, []),
    ({"data": None}, {"data": param(1, "Json")}, [None]),
    ({"data": '{"a": 1}'}, {"data": param(1, "Json")}, ['{"a": 1}']),
    ({"data": Json("text")}, {"data": param(1, "Json")}, ['"text"']),
    ({"tags": ["a", "b"]}, {"tags": {"set": params(1)}}, [["a", "b"]]),
    ({"tags": {"push": "a"}}, {"tags": {"push": param(1)}}, ["a"]),
    ({"age": {"increment": 2}}, {"age": {"increment": param(1, "Int")}}, [2]),
    (
        {"posts": {"create": [{"title": "x"}, {"title": "y"}]}},
        {"posts": {"create": [{"title": param(1)}, {"title": param(2)}]}},
        ["x", "y"],
    ),
    (
        {
            "posts": {
                "connect_or_create": {"where": {"userId_slug": {"userId": "u", "slug": "s"}}, "create": {"slug": "s"}}
            }
        },
        {
            "posts": {
                "connectOrCreate": {
                    "where": {"userId_slug": {"userId": param(1), "slug": param(2)}},
                    "create": {"slug": param(2)},
                }
            }
        },
        ["u", "s"],
    ),
    ({"posts": {"connect": [{"id": 1}, {"id": 1}]}}, {"posts": {"connect": [{"id": param(1, "Int")}] * 2}}, [1]),
    (
        {"posts": {"update_many": {"where": {"title": "x"}, "data": {"title": "y"}}, "delete_many": [{}]}},
        {"posts": {"updateMany": {"where": {"title": param(1)}, "data": {"title": param(2)}}, "deleteMany": [{}]}},
        ["x", "y"],
    ),
    (
        {"posts": {"create_many": {"data": [{"title": "x"}], "skip_duplicates": True}}},
        {"posts": {"createMany": {"data": [{"title": param(1)}], "skipDuplicates": True}}},
        ["x"],
    ),
    ({"posts": {"disconnect": True}}, {"posts": {"disconnect": True}}, []),
]


@pytest.mark.parametrize(("data", "expected", "values"), DATA, ids=[str(case[0]) for case in DATA])
def test_data(data: dict[str, Any], expected: dict[str, Any], values: list[Any]) -> None:
    request = RequestBuilder(SCHEMA).request(Call("User", "createOne", {"data": data}))
    assert (json.loads(request.text)["query"]["arguments"], request.values) == ({"data": expected}, values)


def _with_relation(**facts: Any) -> Schema:
    """Return the schema with an optional `user` of posts of which these facts are known."""
    user = SCHEMA.models["User"]
    post = SCHEMA.models["Post"]
    relation = Field("user", "relation", "User", "user", is_required=False, **facts)
    first = Field("first", "relation", "Post", "first", is_required=False)
    models = {
        "User": Model("User", "users", None, {**user.fields, "first": first}),
        "Post": Model("Post", "posts", None, {**post.fields, "user": relation}),
    }
    return Schema("", "postgresql", "db", Url(env="DATABASE_URL"), "schema.prisma", (), models, SCHEMA.enums)


FIX = "Give True, or put the conditions on `user` into the `where` of an `update_many`"
CONDITIONS_REFUSED = [
    ({"keys": ("userId",), "inverse": "posts"}, f"{FIX} whose `data` sets `userId` to None."),
    # What a client knows that an older version generated.
    ({}, f"{FIX}."),
]


@pytest.mark.parametrize(("facts", "fix"), CONDITIONS_REFUSED)
def test_conditions_that_the_compiler_would_leave_out(facts: dict[str, Any], fix: str) -> None:
    with pytest.raises(InputError) as caught:
        RequestBuilder(_with_relation(**facts)).request(
            Call("Post", "updateOne", {"data": {"user": {"disconnect": {"age": 5}}}})
        )
    reason = "`disconnect` of `user` takes no conditions, as Post has the foreign key."
    assert str(caught.value) == f"Input error. {reason} {fix}"


@pytest.mark.parametrize("keys", [("userId",), ()])
def test_conditions_of_one_to_one_relations(keys: tuple[str, ...]) -> None:
    builder = RequestBuilder(_with_relation(keys=keys, inverse="first"))
    request = builder.request(Call("Post", "updateOne", {"data": {"user": {"disconnect": {"age": 5}}}}))
    written = {"data": {"user": {"disconnect": {"age": param(1, "Int")}}}}
    assert (json.loads(request.text)["query"]["arguments"], request.values) == (written, [5])


def test_to_one_update_with_and_without_where() -> None:
    builder = RequestBuilder(SCHEMA)
    written = [
        json.loads(builder.request(Call("Post", "updateOne", {"data": {"user": {"update": data}}})).text)["query"][
            "arguments"
        ]
        for data in ({"name": "x"}, {"where": {"age": 1}, "data": {"name": "x"}})
    ]
    assert written == [
        {"data": {"user": {"update": {"name": param(1)}}}},
        {"data": {"user": {"update": {"where": {"age": param(1, "Int")}, "data": {"name": param(2)}}}}},
    ]


def test_include_becomes_the_selection() -> None:
    include = {
        "posts": {
            "where": {"title": "x"},
            "order_by": {"id": "desc"},
            "take": 5,
            "include": {"user": True},
        },
        "missing": False,
    }
    request = RequestBuilder(SCHEMA).request(Call("User", "findFirst", {"where": {"age": 1}, "include": include}))
    assert (json.loads(request.text)["query"], request.values, request.numbers, request.sentinels) == (
        {
            "arguments": {"where": {"age": param(1, "Int")}},
            "selection": {
                **SCALARS,
                "posts": {
                    "arguments": {"where": {"title": param(2)}, "orderBy": {"id": "desc"}, "take": 1_000_003},
                    "selection": {**SCALARS, "user": {"arguments": {}, "selection": SCALARS}},
                },
            },
        },
        [1, "x"],
        [5],
        [(1_000_003, 1_500_009)],
    )


def test_numbers_share_a_shape_by_sign() -> None:
    builder = RequestBuilder(SCHEMA)

    def shape(take: int, skip: int) -> tuple[str, ...]:
        return builder.request(Call("User", "findMany", {"take": take, "skip": skip})).shape

    shapes = [shape(1, 2), shape(30, 4), shape(-1, 2), shape(0, 2), shape(1, 0)]
    assert [shapes.index(each) for each in shapes] == [0, 0, 2, 3, 4]


def test_texts_of_a_request_with_numbers() -> None:
    request = RequestBuilder(SCHEMA).request(Call("User", "findMany", {"take": -7, "skip": 3}))
    assert [
        json.loads(text)["query"]["arguments"] for text in (request.text, request.second_text, request.literal_text)
    ] == [
        {"take": -1_000_003, "skip": 1_001_003},
        {"take": -1_500_009, "skip": 1_501_009},
        {"take": -7, "skip": 3},
    ]


@pytest.mark.parametrize("arguments", [{"skip": -1}, {"take": "5"}, {"take": True}, {"skip": 1.5}])
def test_wrong_numbers_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        RequestBuilder(SCHEMA).request(Call("User", "findMany", arguments))
    assert (caught.value.code, caught.value.meta["argument"]) == ("P2019", next(iter(arguments)))


def test_unknown_model() -> None:
    with pytest.raises(UnknownModelError, match='Model: "Nobody" does not exist'):
        RequestBuilder(SCHEMA).request(Call("Nobody", "findMany", {}))


def test_aggregates() -> None:
    arguments = {
        "by": ["role"],
        "count": True,
        "sum": {"age": True, "balance": False},
        "having": {"age": {"_avg": {"gt": 1}}},
    }
    request = RequestBuilder(SCHEMA).request(Call("User", "groupBy", arguments))
    assert (json.loads(request.text)["query"], request.values) == (
        {
            "arguments": {"by": ["role"], "having": {"age": {"_avg": {"gt": param(1, "Float")}}}},
            "selection": {
                "role": True,
                "_count": {"arguments": {}, "selection": {"_all": True}},
                "_sum": {"arguments": {}, "selection": {"age": True}},
            },
        },
        [1.0],
    )
