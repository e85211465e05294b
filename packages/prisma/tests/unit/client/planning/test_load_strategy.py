"""The load strategy that is chosen for a call."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.client.planning.load_strategy import LoadStrategy, load_strategies
from prisma.compiler.relation_joins import asks_for_joins, with_joins
from prisma.generator.render.metadata import Origin, render_metadata
from prisma.schema.dmmf import read_dmmf
from prisma.schema.metadata import Schema
from prisma.schema.parser import get_datamodel

DATASOURCE = 'datasource db {{\n  provider = "{}"\n}}\n'
MODELS = """
model User {
  id      Int     @id
  posts   Post[]
  notes   Note[]
  files   File[]
  profile Profile?
}

model Profile {
  userId Int  @id
  user   User @relation(fields: [userId], references: [id])
}

model Post {
  id       Int      @id
  made     DateTime
  authorId Int
  author   User     @relation(fields: [authorId], references: [id])
  tags     Tag[]
  notes    Note[]

  @@index([authorId, made])
}

model Tag {
  id    Int    @id
  posts Post[]
}

model Note {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
  postId Int
  post   Post @relation(fields: [postId], references: [id])

  @@index([postId])
}

model File {
  content Bytes
  userId  Int   @unique
  user    User  @relation(fields: [userId], references: [id])
}
"""
FEATURE = 'generator js {\n  provider        = "prisma-client-js"\n  previewFeatures = ["views", "relationJoins"]\n}\n'


def schema(provider: str = "postgresql", more: str = "", preview_features: tuple[str, ...] = ()) -> Schema:
    """Return the schema as a generated client has it."""
    text = f"{DATASOURCE.format(provider)}{more}{MODELS}"
    data = read_dmmf(get_datamodel([("schema.prisma", text)]), {}, text)
    namespace: dict[str, Any] = {}
    exec(render_metadata(data, Origin(text, provider, "db", None, None, "schema.prisma", preview_features)), namespace)
    return namespace["SCHEMA"]


def chosen(
    model: str, action: str, arguments: dict[str, Any], of: Schema | None = None, fixed: LoadStrategy | None = None
) -> str | None:
    """Return the strategy that a call gets, None if none is added."""
    complete = load_strategies(of or schema(), fixed)
    return None if complete is None else complete(model, action, arguments).get("relation_load_strategy")


ORDER, BY_ID = {"made": "desc"}, {"id": "asc"}
NOTES = {"include": {"notes": True}}
CHOICES = {
    "nothing is related": ("User", "findMany", {"select": {"id": True}}, None),
    "many with an index": ("User", "findMany", {"include": {"posts": True}}, "join"),
    "many without an index": ("User", "findMany", NOTES, "query"),
    "one without an index": ("User", "findUnique", NOTES, "join"),
    "many of one of one": ("Post", "findFirst", {"include": {"author": NOTES}}, "join"),
    "many of many, without an index": (
        "Post",
        "findMany",
        {"include": {"author": NOTES}},
        "query",
    ),
    "one of a key": ("Post", "findMany", {"include": {"author": True}}, "join"),
    "one whose key is unique": ("User", "findMany", {"include": {"profile": True}}, "join"),
    "many to many": ("Post", "findMany", {"include": {"tags": True}}, "join"),
    "a selection": ("User", "findMany", {"select": {"posts": {"select": {"tags": True}}}}, "join"),
    "what is left out": ("User", "findMany", {"include": {"posts": True, "notes": False}}, "join"),
    "after a write": ("User", "createOne", {"data": {}, "include": {"posts": True}}, "join"),
    "three deep": (
        "User",
        "findUnique",
        {"include": {"posts": {"include": {"tags": {"include": {"posts": True}}}}}},
        "query",
    ),
    "bytes": ("User", "findUnique", {"include": {"files": True}}, "query"),
    "a cursor": ("User", "findMany", {"cursor": {"id": 1}, "include": {"posts": True}}, "query"),
    "an inner distinct": ("User", "findMany", {"include": {"posts": {"distinct": ["made"]}}}, "query"),
    "a part in an index's order": ("User", "findMany", {"include": {"posts": {"take": 3, "order_by": ORDER}}}, "join"),
    "a part in another order": ("User", "findMany", {"include": {"posts": {"take": 3, "order_by": BY_ID}}}, "query"),
    "a part in a mixed order": (
        "User",
        "findUnique",
        {"include": {"posts": {"take": 3, "order": [ORDER, BY_ID]}}},
        "query",
    ),
    "a part with nulls first": (
        "User",
        "findMany",
        {"include": {"posts": {"take": 3, "order": {"made": {"sort": "asc", "nulls": "first"}}}}},
        "query",
    ),
    "a part in no order": ("User", "findUnique", {"include": {"posts": {"skip": 1}}}, "query"),
    "a part of many to many": ("Post", "findUnique", {"include": {"tags": {"take": 2}}}, "query"),
    "counts of a page": ("User", "findMany", {"take": 10, "include": {"_count": {"select": {"posts": True}}}}, "join"),
    "counts of a page, without an index": ("User", "findMany", {"take": 10, "include": {"_count": True}}, "query"),
    "counts of all": ("User", "findMany", {"include": {"_count": {"select": {"posts": True}}}}, "query"),
    "counts of one": ("User", "findFirst", {"include": {"_count": True}}, "join"),
    "a strategy of the call": ("User", "findMany", {**NOTES, "relation_load_strategy": "join"}, "join"),
    "no such argument": ("User", "updateMany", {"data": {}}, None),
    "an unknown relation": ("User", "findMany", {"include": {"friends": True}}, None),
}  # fmt: skip


@pytest.mark.parametrize(("model", "action", "arguments", "strategy"), CHOICES.values(), ids=CHOICES)
def test_choice(model: str, action: str, arguments: dict[str, Any], strategy: str | None) -> None:
    assert chosen(model, action, arguments) == strategy


def test_who_decides() -> None:
    joined, queried = (
        ("User", "findMany", {"include": {"posts": True}}),
        ("User", "findMany", NOTES),
    )
    asks, asks_elsewhere = schema(more=FEATURE), schema(preview_features=("relationJoins",))
    assert {
        "the client": [chosen(*joined, fixed="query"), chosen(*queried, fixed="join"), chosen(*joined, asks, "query")],
        "the compiler, for a schema that asks for joins": [chosen(*joined, asks), chosen(*queried, asks_elsewhere)],
        "nobody, on other databases": [chosen(*joined, schema(name), "join") for name in ("sqlite", "mysql")],
    } == {
        "the client": ["query", "join", "query"],
        "the compiler, for a schema that asks for joins": [None, None],
        "nobody, on other databases": [None, None],
    }


def test_what_the_compiler_gets() -> None:
    plain, asking = schema().datamodel, schema(more=FEATURE).datamodel
    given = with_joins(plain, "postgresql")
    assert [
        given.startswith(plain.rstrip()),
        [asks_for_joins(text) for text in (plain, asking, given, '// previewFeatures = ["relationJoins"]')],
        [with_joins(asking, "postgresql"), with_joins(plain, "sqlite")],
    ] == [True, [False, True, True, False], [asking, plain]]
