"""The requests whose plans are recorded: name → request; `P` marks a value that travels as a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class P:
    """A parameter of the request: its type in the protocol (a list's inner type ends in `[]`) and its value."""

    type: str
    value: Any


@dataclass(frozen=True)
class Case:
    model: str
    action: str
    arguments: dict[str, Any]
    selection: dict[str, Any]


ALL: dict[str, Any] = {"$scalars": True}


def text(value: Any) -> P:
    return P("String", value)


def number(value: Any) -> P:
    return P("Int", value)


def nested(selection: dict[str, Any] = ALL, **arguments: Any) -> dict[str, Any]:
    return {"arguments": arguments, "selection": selection}


def query(model: str, action: str, selection: dict[str, Any] = ALL, **arguments: Any) -> Case:
    return Case(model, action, arguments, selection)


ADA = {"email": text("ada@example.com")}
BOB = {"email": text("bob@example.com")}
NEW = {"email": text("new@example.com")}
MISSING = {"email": text("nobody@example.com")}
DEEP = {"$scalars": True, "posts": nested({"$scalars": True, "tags": nested()}), "profile": nested()}
SAMPLE = {
    "text": text("written"),
    "code": text("0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11"),
    "address": text("10.0.0.1"),
    "bits": text("10110"),
    "flag": P("Boolean", False),
    "small": number(-7),
    "big": P("BigInt", 2**62),
    "ratio": P("Float", 0.1),
    "amount": P("Float", Decimal("12345678901234567890.0123456789")),
    "at": P("DateTime", datetime(2024, 2, 3, 4, 5, 6, 789000, UTC)),
    "zoned": P("DateTime", datetime(2024, 2, 3, 4, 5, 6, 789123, UTC)),
    "day": P("DateTime", datetime(2024, 2, 3, tzinfo=UTC)),
    "clock": P("DateTime", datetime(1970, 1, 1, 4, 5, 6, tzinfo=UTC)),
    "data": P("Json", '{"a": [1, 2.5, null]}'),
    "blob": P("Bytes", b"\x00\x01\xff"),
    "role": P("Enum", "admin"),
    "texts": {"set": P("String[]", ["a", "b"])},
    "bigs": {"set": P("BigInt[]", [1, 2**60])},
    "decimals": {"set": P("Float[]", [Decimal("0.1"), Decimal(3)])},
    "roleList": {"set": P("Enum[]", ["user", "admin"])},
}

READS = {
    "find-unique": query("User", "findUnique", where=ADA),
    "find-unique-missing": query("User", "findUnique", where=MISSING),
    "find-unique-or-throw": query("User", "findUniqueOrThrow", where=ADA),
    "find-unique-or-throw-missing": query("User", "findUniqueOrThrow", where=MISSING),
    "find-unique-compound": query(
        "Account", "findUnique", where={"provider_number": {"provider": text("web"), "number": number(2)}}
    ),
    "find-unique-join": query("User", "findUnique", DEEP, where=ADA),
    "find-unique-query": query("User", "findUnique", DEEP, where=ADA, relationLoadStrategy="query"),
    "find-unique-query-missing": query("User", "findUnique", DEEP, where=MISSING, relationLoadStrategy="query"),
    "find-first": query("User", "findFirst", where={"name": text("Ada")}, orderBy={"id": "desc"}),
    "find-first-or-throw": query("User", "findFirstOrThrow", where={"name": text("nobody")}),
    "find-many": query("Post", "findMany", orderBy={"id": "asc"}),
    "find-many-page": query(
        "Post",
        "findMany",
        where={"views": {"gte": number(5)}},
        orderBy=[{"views": "desc"}, {"id": "asc"}],
        take=2,
        skip=1,
    ),
    "find-many-last": query("Post", "findMany", orderBy={"id": "asc"}, take=-2),
    "find-many-none": query("Post", "findMany", take=0),
    "find-many-cursor": query("Post", "findMany", orderBy={"id": "asc"}, cursor={"id": number(2)}, take=2, skip=1),
    "find-many-cursor-mixed-order": query(
        "Post", "findMany", orderBy={"views": "asc"}, cursor={"id": number(3)}, take=2
    ),
    "find-many-cursor-backwards": query("Post", "findMany", orderBy={"id": "asc"}, cursor={"id": number(4)}, take=-2),
    "find-many-cursor-compound": query(
        "Account",
        "findMany",
        orderBy={"userId": "asc"},
        cursor={"provider_number": {"provider": text("web"), "number": number(2)}},
    ),
    "find-many-distinct": query("Post", "findMany", orderBy={"id": "asc"}, distinct=["authorId"]),
    "find-many-distinct-page": query(
        "Post", "findMany", orderBy={"id": "asc"}, distinct=["authorId", "published"], take=2, skip=1
    ),
    "find-many-in": query("Post", "findMany", where={"id": {"in": P("Int[]", [1, 3, 99])}}, orderBy={"id": "asc"}),
    "find-many-in-nothing": query("Post", "findMany", where={"id": {"in": P("Int[]", [])}}),
    "find-many-not-in": query("Post", "findMany", where={"id": {"notIn": P("Int[]", [1, 3])}}, orderBy={"id": "asc"}),
    "find-many-not-in-nothing": query(
        "Post", "findMany", where={"id": {"notIn": P("Int[]", [])}}, orderBy={"id": "asc"}
    ),
    "find-many-in-insensitive": query(
        "User", "findMany", where={"email": {"in": P("String[]", ["ADA@example.com", "x"]), "mode": "insensitive"}}
    ),
    "find-many-not-in-insensitive": query(
        "User",
        "findMany",
        where={"email": {"notIn": P("String[]", ["ADA@example.com"]), "mode": "insensitive"}},
        orderBy={"id": "asc"},
    ),
    "find-many-literals": query(
        "Sample",
        "findMany",
        {"id": True},
        where={
            "big": 5,
            "ratio": {"lt": 1.5},
            "flag": True,
            "amount": {"$type": "Decimal", "value": "1.50"},
            "at": {"$type": "DateTime", "value": "2024-01-02T03:04:05.678Z"},
            "role": "ADMIN",
            "blob": {"$type": "Bytes", "value": "AAH/"},
            "ints": {"has": number(2)},
            "texts": {"equals": ["x", "y"]},
        },
    ),
    "find-many-relation-filter": query(
        "User", "findMany", where={"posts": {"some": {"published": P("Boolean", True)}}}, orderBy={"id": "asc"}
    ),
    "find-many-join": query("User", "findMany", DEEP, orderBy={"id": "asc"}),
    "find-many-query": query("User", "findMany", DEEP, orderBy={"id": "asc"}, relationLoadStrategy="query"),
    "find-many-join-nested": query(
        "User",
        "findMany",
        {
            "id": True,
            "posts": nested({"id": True}, orderBy={"id": "desc"}, take=1, skip=1),
            "_count": nested({"posts": True}),
        },
        orderBy={"id": "asc"},
    ),
    "find-many-query-nested": query(
        "User",
        "findMany",
        {
            "id": True,
            "posts": nested({"id": True}, orderBy={"id": "desc"}, take=1, skip=1),
            "_count": nested({"posts": True}),
        },
        orderBy={"id": "asc"},
        relationLoadStrategy="query",
    ),
    "find-many-nested-cursor": query(
        "User",
        "findMany",
        {"id": True, "posts": nested({"id": True}, orderBy={"id": "asc"}, cursor={"id": number(2)}, take=2)},
        orderBy={"id": "asc"},
    ),
    "find-many-nested-none": query(
        "User",
        "findMany",
        {"id": True, "posts": nested({"id": True}, take=0)},
        orderBy={"id": "asc"},
        relationLoadStrategy="query",
    ),
    "find-many-nested-distinct": query(
        "User",
        "findMany",
        {"id": True, "posts": nested(orderBy={"id": "asc"}, distinct=["published"], take=1)},
        orderBy={"id": "asc"},
    ),
    "find-many-nested-last": query(
        "User",
        "findMany",
        {"id": True, "posts": nested({"id": True}, orderBy={"id": "asc"}, take=-2)},
        orderBy={"id": "asc"},
        relationLoadStrategy="query",
    ),
    "find-many-tags-query": query(
        "Tag",
        "findMany",
        {"name": True, "posts": nested({"title": True, "author": nested({"email": True})})},
        orderBy={"id": "asc"},
        relationLoadStrategy="query",
    ),
    "samples": query("Sample", "findMany", orderBy={"id": "asc"}),
    "samples-join": query("User", "findMany", {"id": True, "samples": nested()}, orderBy={"id": "asc"}),
    "samples-query": query(
        "User", "findMany", {"id": True, "samples": nested()}, orderBy={"id": "asc"}, relationLoadStrategy="query"
    ),
    "samples-distinct-join": query(
        "User",
        "findMany",
        {"id": True, "samples": nested(orderBy={"id": "asc"}, distinct=["flag"])},
        orderBy={"name": "asc"},
        distinct=["role"],
    ),
    "count": query("Post", "aggregate", {"_count": nested({"_all": True})}, where={"published": P("Boolean", True)}),
    "aggregate": query(
        "Post",
        "aggregate",
        {
            "_count": nested({"_all": True, "score": True}),
            "_sum": nested({"views": True, "price": True}),
            "_avg": nested({"views": True}),
            "_min": nested({"title": True}),
            "_max": nested({"price": True}),
        },
    ),
    "aggregate-page": query(
        "Post", "aggregate", {"_count": nested({"_all": True})}, orderBy={"id": "asc"}, take=3, skip=1
    ),
    "group-by": query(
        "Post",
        "groupBy",
        {"authorId": True, "_count": nested({"_all": True}), "_avg": nested({"views": True})},
        by=["authorId"],
        orderBy=[{"authorId": "asc"}],
        having={"views": {"_avg": {"gt": number(1)}}},
        take=2,
    ),
}

WRITES = {
    "create": query("User", "createOne", data=NEW),
    "create-duplicate": query("User", "createOne", data=ADA),
    "create-sample": query("Sample", "createOne", data=SAMPLE),
    "create-token": query("Token", "createOne", data={"note": text("x")}),
    "create-nested": query(
        "User",
        "createOne",
        DEEP,
        data={
            **NEW,
            "profile": {"create": {"bio": text("hello")}},
            "posts": {
                "create": [
                    {
                        "title": text("one"),
                        "tags": {"create": [{"name": text("fresh")}], "connect": [{"name": text("red")}]},
                    },
                    {"title": text("two"), "labels": {"set": P("String[]", ["l"])}},
                ]
            },
        },
    ),
    "create-connect": query(
        "Post",
        "createOne",
        {"$scalars": True, "author": nested()},
        data={"title": text("t"), "author": {"connect": ADA}},
    ),
    "create-connect-missing": query("Post", "createOne", data={"title": text("t"), "author": {"connect": MISSING}}),
    "create-connect-many": query(
        "User", "createOne", DEEP, data={**NEW, "posts": {"connect": [{"id": number(1)}, {"id": number(2)}]}}
    ),
    "create-connect-many-missing": query(
        "User", "createOne", DEEP, data={**NEW, "posts": {"connect": [{"id": number(1)}, {"id": number(99)}]}}
    ),
    "create-connect-or-create": query(
        "Post",
        "createOne",
        {"$scalars": True, "author": nested(), "tags": nested(orderBy={"id": "asc"})},
        data={
            "title": text("t"),
            "author": {"connectOrCreate": {"where": NEW, "create": NEW}},
            "tags": {
                "connectOrCreate": [
                    {"where": {"name": text("red")}, "create": {"name": text("red")}},
                    {"where": {"name": text("lime")}, "create": {"name": text("lime")}},
                ]
            },
        },
    ),
    "update": query("User", "updateOne", where=ADA, data={"name": {"set": text("Ada L.")}}),
    "update-missing": query("User", "updateOne", where=MISSING, data={"name": text("x")}),
    "update-numbers": query(
        "Post",
        "updateOne",
        where={"id": number(1)},
        data={
            "views": {"increment": number(2)},
            "score": {"multiply": P("Float", 2.0)},
            "labels": {"push": P("String[]", ["z"])},
        },
    ),
    "update-relations": query(
        "User",
        "updateOne",
        DEEP,
        where=ADA,
        data={
            "posts": {
                "update": [{"where": {"id": number(1)}, "data": {"title": text("new")}}],
                "deleteMany": [{"id": number(2)}],
            },
            "profile": {"update": {"bio": text("changed")}},
        },
    ),
    "update-relation-missing": query(
        "User",
        "updateOne",
        DEEP,
        where=ADA,
        data={"posts": {"update": [{"where": {"id": number(5)}, "data": {"title": text("x")}}]}},
    ),
    "update-set": query("User", "updateOne", DEEP, where=ADA, data={"posts": {"set": [{"id": number(5)}]}}),
    "update-disconnect": query(
        "User", "updateOne", DEEP, where=ADA, data={"posts": {"disconnect": [{"id": number(1)}]}}
    ),
    "update-delete-child": query("User", "updateOne", DEEP, where=ADA, data={"posts": {"delete": [{"id": number(1)}]}}),
    "update-delete-foreign-child": query(
        "User", "updateOne", DEEP, where=ADA, data={"posts": {"delete": [{"id": number(5)}]}}
    ),
    "update-set-tags": query(
        "Post",
        "updateOne",
        {"id": True, "tags": nested(orderBy={"id": "asc"})},
        where={"id": number(1)},
        data={"tags": {"set": [{"name": text("blue")}, {"name": text("green")}]}},
    ),
    "update-disconnect-tags": query(
        "Post",
        "updateOne",
        {"id": True, "tags": nested()},
        where={"id": number(1)},
        data={"tags": {"disconnect": [{"name": text("red")}]}},
    ),
    "update-upsert-child": query(
        "User",
        "updateOne",
        DEEP,
        where=BOB,
        data={"profile": {"upsert": {"create": {"bio": text("c")}, "update": {"bio": text("u")}}}},
    ),
    "update-disconnect-required": query(
        "Profile", "updateOne", where={"userId": number(1)}, data={"user": {"connect": BOB}}
    ),
    "update-take-profile": query(
        "User", "updateOne", DEEP, where=BOB, data={"profile": {"connect": {"userId": number(1)}}}
    ),
    "update-nothing": query("User", "updateOne", where=ADA, data={"posts": {}}),
    "upsert-native-new": query(
        "Tag", "upsertOne", where={"name": text("new")}, create={"name": text("new")}, update={"name": text("newer")}
    ),
    "upsert-native-old": query(
        "Tag", "upsertOne", where={"name": text("red")}, create={"name": text("red")}, update={"name": text("redder")}
    ),
    "upsert-new": query("User", "upsertOne", DEEP, where=NEW, create=NEW, update={"name": text("u")}),
    "upsert-old": query("User", "upsertOne", DEEP, where=ADA, create=NEW, update={"name": text("u")}),
    "delete": query("Post", "deleteOne", where={"id": number(1)}),
    "delete-missing": query("Post", "deleteOne", where={"id": number(99)}),
    "delete-relations": query("Post", "deleteOne", {"id": True, "author": nested()}, where={"id": number(1)}),
    "delete-referenced": query("User", "deleteOne", where=ADA),
    "update-many": query(
        "Post", "updateMany", {"count": True}, where={"authorId": number(1)}, data={"published": P("Boolean", True)}
    ),
    "update-many-in": query(
        "Post",
        "updateMany",
        {"count": True},
        where={"id": {"in": P("Int[]", [1, 2, 2, 9])}},
        data={"views": {"increment": number(1)}},
        limit=2,
    ),
    "update-many-returning": query(
        "Post",
        "updateManyAndReturn",
        {"id": True, "author": nested()},
        where={"authorId": number(1)},
        data={"views": number(0)},
    ),
    "delete-many": query("Post", "deleteMany", {"count": True}, where={"views": {"lt": number(6)}}),
    "delete-many-all": query("Token", "deleteMany", {"count": True}),
    "create-many": query("Tag", "createMany", {"count": True}, data=[{"name": text("x")}, {"name": text("y")}]),
    "create-many-nothing": query("Tag", "createMany", {"count": True}, data=[]),
    "create-many-skip": query(
        "Tag", "createMany", {"count": True}, data=[{"name": text("red")}, {"name": text("y")}], skipDuplicates=True
    ),
    "create-many-return": query(
        "Token", "createManyAndReturn", data=[{"note": text("a")}, {"note": text("b"), "weight": number(1)}]
    ),
    "create-many-return-relation": query(
        "Post",
        "createManyAndReturn",
        {"id": True, "author": nested({"email": True})},
        data=[{"title": text("a"), "authorId": number(2)}, {"title": text("b")}],
    ),
}

NESTED_WRITES = {
    "nested-create-many": query(
        "User",
        "createOne",
        DEEP,
        data={
            **NEW,
            "posts": {"createMany": {"data": [{"title": text("a")}, {"title": text("b"), "views": number(2)}]}},
        },
    ),
    "nested-update-many": query(
        "User",
        "updateOne",
        DEEP,
        where=ADA,
        data={
            "posts": {
                "updateMany": [{"where": {"views": {"gt": number(4)}}, "data": {"published": P("Boolean", False)}}]
            }
        },
    ),
    "nested-upsert": query(
        "User",
        "updateOne",
        DEEP,
        where=ADA,
        data={
            "posts": {
                "upsert": [
                    {"where": {"id": number(1)}, "create": {"title": text("c")}, "update": {"title": text("u")}},
                    {"where": {"id": number(5)}, "create": {"title": text("c5")}, "update": {"title": text("u5")}},
                ]
            }
        },
    ),
    "nested-delete-one-to-one": query("User", "updateOne", DEEP, where=ADA, data={"profile": {"delete": True}}),
    "nested-delete-missing-one-to-one": query("User", "updateOne", DEEP, where=BOB, data={"profile": {"delete": True}}),
    "nested-create-over-required-one-to-one": query(
        "User", "updateOne", DEEP, where=ADA, data={"profile": {"create": {"bio": text("x")}}}
    ),
    "nested-disconnect-author": query(
        "Post",
        "updateOne",
        {"id": True, "author": nested()},
        where={"id": number(1)},
        data={"author": {"disconnect": True}},
    ),
    "nested-update-author": query(
        "Post",
        "updateOne",
        {"id": True, "author": nested()},
        where={"id": number(1)},
        data={"author": {"update": {"name": text("A.")}}},
    ),
    "nested-upsert-author": query(
        "Post",
        "updateOne",
        {"id": True, "author": nested()},
        where={"id": number(6)},
        data={"author": {"upsert": {"create": NEW, "update": {"name": text("A.")}}}},
    ),
    "nested-delete-author": query(
        "Post",
        "updateOne",
        {"id": True, "author": nested()},
        where={"id": number(4)},
        data={"author": {"delete": True}},
    ),
    "nested-connect-tags": query(
        "Post",
        "updateOne",
        {"id": True, "tags": nested(orderBy={"id": "asc"})},
        where={"id": number(1)},
        data={"tags": {"connect": [{"id": number(3)}, {"name": text("red")}]}},
    ),
    "nested-connect-tags-missing": query(
        "Post",
        "updateOne",
        {"id": True, "tags": nested()},
        where={"id": number(1)},
        data={"tags": {"connect": [{"id": number(3)}, {"name": text("none")}]}},
    ),
    "nested-delete-tags": query(
        "Post",
        "updateOne",
        {"id": True, "tags": nested()},
        where={"id": number(1)},
        data={"tags": {"delete": [{"name": text("red")}]}},
    ),
    "nested-update-tags": query(
        "Post",
        "updateOne",
        {"id": True, "tags": nested(orderBy={"id": "asc"})},
        where={"id": number(1)},
        data={
            "tags": {
                "update": [{"where": {"name": text("red")}, "data": {"name": text("rosy")}}],
                "deleteMany": [{"name": text("green")}],
            }
        },
    ),
    "nested-set-nothing": query(
        "Post", "updateOne", {"id": True, "tags": nested()}, where={"id": number(1)}, data={"tags": {"set": []}}
    ),
    "delete-cascade": query(
        "User",
        "deleteOne",
        {"id": True, "accounts": nested(orderBy={"number": "asc"})},
        where={"email": text("cleo@example.com")},
    ),
    "update-query-strategy": query(
        "User", "updateOne", DEEP, where=ADA, data={"name": text("x")}, relationLoadStrategy="query"
    ),
    "update-compound": query(
        "Account",
        "updateOne",
        where={"provider_number": {"provider": text("web"), "number": number(2)}},
        data={"number": number(20)},
    ),
    "upsert-compound": query(
        "Account",
        "upsertOne",
        where={"provider_number": {"provider": text("web"), "number": number(2)}},
        create={"provider": text("web"), "number": number(2), "user": {"connect": ADA}},
        update={"number": number(21)},
    ),
    "update-many-returning-scalars": query(
        "Post", "updateManyAndReturn", where={"views": {"lt": number(4)}}, data={"views": {"increment": number(1)}}
    ),
    "create-profile-for-missing-user": query("Profile", "createOne", data={"userId": number(99)}),
    "create-json-list": query(
        "Sample",
        "createOne",
        data={
            "text": text("t"),
            "jsons": {"set": P("Json[]", ['{"a": 1}', "null"])},
            "ints": {"set": P("Int[]", [])},
            "moments": {"set": P("DateTime[]", [datetime(2024, 1, 2, tzinfo=UTC)])},
            "blobs": {"set": P("Bytes[]", [b"a"])},
        },
    ),
    "update-sample": query(
        "Sample",
        "updateOne",
        where={"id": P("BigInt", 2)},
        data={
            "amount": {"divide": P("Float", Decimal(2))},
            "big": {"decrement": P("BigInt", 1)},
            "data": P("Json", "[1]"),
            "code": P("Uuid", None),
            "roleList": {"push": P("Enum[]", ["user"])},
        },
    ),
}

FILTERS = {
    "filter-json": query(
        "Sample", "findMany", {"id": True}, where={"data": {"path": ["b"], "equals": P("Json", '"text"')}}
    ),
    "filter-json-text": query(
        "Sample", "findMany", {"id": True}, where={"data": {"path": ["b"], "string_contains": text("ex")}}
    ),
    "filter-lists": query(
        "Sample",
        "findMany",
        {"id": True},
        where={
            "texts": {"has": text("a")},
            "ints": {"hasSome": P("Int[]", [2, 5])},
            "roleList": {"hasEvery": P("Enum[]", ["user"])},
        },
    ),
    "filter-enums": query("User", "findMany", {"id": True}, where={"role": {"in": P("Enum[]", ["admin"])}}),
    "filter-moments": query(
        "Sample",
        "findMany",
        {"id": True},
        where={
            "zoned": {"in": P("DateTime[]", [datetime(2024, 1, 2, 1, 4, 5, 678901, UTC)])},
            "day": {"gte": P("DateTime", datetime(2024, 1, 2, tzinfo=UTC))},
            "clock": {"lt": P("DateTime", datetime(1970, 1, 1, 12, tzinfo=UTC))},
        },
    ),
    "filter-uuids": query(
        "Sample",
        "findMany",
        {"id": True},
        where={
            "code": {"in": P("String[]", ["0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11"])},
            "address": text("10.0.0.0/8"),
            "bits": text("10110"),
            "amount": {"gt": P("Float", Decimal("0.5"))},
            "big": {"in": P("BigInt[]", [2**53 + 1])},
        },
    ),
    "filter-not": query(
        "User",
        "findMany",
        {"id": True},
        orderBy={"id": "asc"},
        where={"NOT": {"posts": {"every": {"id": {"in": P("Int[]", [1, 2, 3])}}}}},
    ),
    "filter-text": query(
        "User",
        "findMany",
        {"id": True},
        where={"OR": [{"email": {"startsWith": text("ADA"), "mode": "insensitive"}}, {"name": None}]},
        orderBy={"id": "desc"},
    ),
    "query-uuid-keys": query(
        "Profile",
        "findMany",
        {"id": True, "user": nested({"posts": nested({"id": True})})},
        relationLoadStrategy="query",
    ),
    "distinct-under-query": query(
        "User",
        "findMany",
        {"id": True, "posts": nested({"id": True, "views": True}, distinct=["views"], orderBy={"id": "desc"}, take=-2)},
        orderBy={"id": "asc"},
        relationLoadStrategy="query",
    ),
    "nested-cursor-and-skip": query(
        "User",
        "findMany",
        {"id": True, "posts": nested({"id": True}, orderBy={"views": "asc"}, cursor={"id": number(1)}, skip=1)},
        orderBy={"id": "asc"},
    ),
    "group-by-many": query(
        "Post",
        "groupBy",
        {
            "authorId": True,
            "published": True,
            "_sum": nested({"price": True, "views": True}),
            "_max": nested({"score": True}),
        },
        by=["authorId", "published"],
        orderBy=[{"_sum": {"views": "desc"}}],
    ),
    "count-relations-under-query": query(
        "Tag",
        "findMany",
        {"name": True, "_count": nested({"posts": nested({}, where={"published": P("Boolean", True)})})},
        orderBy={"id": "asc"},
        relationLoadStrategy="query",
    ),
}

CASES: dict[str, Case] = {**READS, **FILTERS, **WRITES, **NESTED_WRITES}


def to_request(case: Case) -> tuple[dict[str, Any], list[Any]]:
    """Return the request in the compiler's protocol and the values of its parameters; equal values share a name."""
    names: dict[str, str] = {}
    values: list[Any] = []

    def convert(item: Any) -> Any:
        if isinstance(item, P):
            name = names.get(repr(item))
            if name is None:
                values.append(item.value)
                name = names[repr(item)] = f"%{len(values)}"
            kind = (
                {"type": "List", "inner": {"type": item.type[:-2]}} if item.type.endswith("[]") else {"type": item.type}
            )
            return {"$type": "Param", "value": {"name": name, **kind}}
        if isinstance(item, dict):
            return {key: convert(value) for key, value in item.items()}
        if isinstance(item, list):
            return [convert(value) for value in item]
        return item

    arguments = convert(case.arguments)
    request = {
        "modelName": case.model,
        "action": case.action,
        "query": {"arguments": arguments, "selection": convert(case.selection)},
    }
    return request, values
