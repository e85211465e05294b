"""The corpus's requests that read: name → request."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from .corpus_terms import ADA, DEEP, MISSING, P, nested, number, query, text

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
