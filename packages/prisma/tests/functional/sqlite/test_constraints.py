"""Constraints that fail: the error names the model and the fields, also in nested writes and batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prisma.errors import DataError

TWICE = {"create": [{"title": "t"}, {"title": "t"}]}

# The operation, and the code and facts of its error.
CASES: dict[str, tuple[Callable[[Any], Any], str, dict[str, Any]]] = {
    "unique, of a nested model, by the names of the schema": (
        lambda db: db.user.create({"email": "b", "posts": TWICE}),
        "P2002",
        {"modelName": "Post", "target": ["authorId", "title"]},
    ),
    "unique, of the outer model": (
        lambda db: db.user.create({"email": "a", "posts": {"create": [{"title": "t"}]}}),
        "P2002",
        {"modelName": "User", "target": ["email"]},
    ),
    "unique, of the model at the other side": (
        lambda db: db.post.create({"title": "t", "author": {"create": {"email": "a"}}}),
        "P2002",
        {"modelName": "User", "target": ["email"]},
    ),
    "unique, of an id": (
        lambda db: db.tag.create_many([{"name": "x"}, {"name": "x"}]),
        "P2002",
        {"modelName": "Tag", "target": ["name"]},
    ),
    "unique, of an update": (
        lambda db: db.user.update_many({"email": "same"}, {}),
        "P2002",
        {"modelName": "User", "target": ["email"]},
    ),
    "foreign key, of which SQLite says nothing": (
        lambda db: db.post.create({"title": "t", "authorId": 9}),
        "P2003",
        {"modelName": "Post", "field_name": "foreign key"},
    ),
    "foreign key, of a record that another one needs": (
        lambda db: db.user.delete({"email": "a"}),
        "P2003",
        {"modelName": "User"},
    ),
    "not null": (
        lambda db: db.execute_raw("INSERT INTO posts (id, author_id) VALUES ('p', 1)"),
        "P2010",
        {"code": "SQLITE_CONSTRAINT_NOTNULL", "message": "NOT NULL constraint failed: posts.title"},
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_error_names_the_constraint(db: Any, name: str) -> None:
    operation, code, meta = CASES[name]
    await db.user.create({"email": "a", "profile": {"create": {"bio": "b"}}})
    await db.user.create({"email": "c"})
    with pytest.raises(DataError) as caught:
        await operation(db)
    found = {key: value for key, value in caught.value.meta.items() if key in meta}
    assert (caught.value.code, found) == (code, meta)


async def test_in_a_batch(db: Any) -> None:
    batch = db.batch_()
    batch.tag.create({"name": "x"})
    batch.user.create({"email": "b", "posts": TWICE})
    with pytest.raises(DataError) as caught:
        await batch.commit()
    assert (caught.value.meta, await db.tag.count()) == ({"modelName": "Post", "target": ["authorId", "title"]}, 0)
