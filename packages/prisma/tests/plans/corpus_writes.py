"""The corpus's requests that write: name → request."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from .corpus_terms import ADA, BOB, DEEP, MISSING, NEW, SAMPLE, P, nested, number, query, text

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
