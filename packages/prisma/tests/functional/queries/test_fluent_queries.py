"""Relations of a record as methods of the query: `db.user.find_unique(...).posts()`."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import patch

import pytest

from prisma.errors import RecordNotFoundError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.mark.tasks
async def test_fluent_queries(db: Any, ada: Any) -> None:
    post = {"title": "first"}
    answers = [
        await query
        for query in (
            db.user.find_unique({"id": ada.id}).posts(where={"views": 5}),
            db.user.find_unique_or_raise({"id": ada.id}).posts(order_by={"title": "desc"}, take=1, skip=1),
            db.user.find_unique({"name": "Bob"}).posts(),
            db.user.find_first(where={"name": "Ada"}).profile(),
            db.post.find_first(where=post).author(),
            db.post.find_first(where=post).author().posts(where={"views": 5}, include={"author": True}),
            db.post.find_first(where={"title": "no such"}).author().posts(),
            db.user.find_unique({"id": ada.id}, include={"posts": True}).profile(include={"user": True}),
        )
    ]
    assert [shown(answer) for answer in answers] == [
        ["first"], ["first"], None, None, "Ada", [("first", "Ada")], None, None,
    ]  # fmt: skip


def shown(answer: Any) -> Any:
    if isinstance(answer, list):
        return [(post.title, post.author.name) if post.author else post.title for post in answer]
    return None if answer is None else answer.name


@pytest.mark.tasks
async def test_fluent_queries_are_coroutines(db: Any, ada: Any) -> None:
    keys = [{"id": ada.id}, {"name": "Ada"}, {"name": "Bob"}]
    assert [
        [user and user.name for user in await asyncio.gather(*map(db.user.find_unique, keys))],
        (await asyncio.create_task(db.user.find_unique(keys[0]))).name,
        [post.title for post in await asyncio.wait_for(db.user.find_unique(keys[1]).posts(where={"views": 5}), 5)],
    ] == [["Ada", "Ada", None], "Ada", ["first"]]
    with pytest.raises(RecordNotFoundError):
        await db.user.find_unique_or_raise(keys[2]).posts()
    query = db.user.find_first()
    await query
    with pytest.raises(RuntimeError, match="the query 'find_first' was awaited already"):
        await query
    with pytest.warns(RuntimeWarning, match="the query 'find_unique' was never awaited"):
        db.user.find_unique(keys[0])
    db.user.find_unique(keys[0]).close()
    with patch.object(db.user, "find_unique", return_value=ada):
        assert await db.user.find_unique(keys[2]) is ada


@pytest.mark.tasks
async def test_fluent_queries_of_one_loop_tick_are_batched(db: Any, ada: Any, driver: str) -> None:
    ids = [(await db.user.create({"name": f"user {number}"})).id for number in range(5)]
    statements: list[str] = []
    db.on("query", lambda event: statements.append(event.query))
    found = await asyncio.gather(*(db.user.find_unique({"id": id_}).posts() for id_ in (ada.id, *ids)))
    # The first call goes at once, the others together: each time one statement for users and one for posts. SQLite has
    # answered the first before there is another to wait for it, and PostgreSQL joins the posts of one user.
    expected = {"sqlite": 12, "mysql": 4}.get(driver, 3)
    assert (list(map(len, found)), len(statements)) == ([2, 0, 0, 0, 0, 0], expected)


async def test_include_replaces_fluent_queries(db: Any, ada: Any) -> None:
    """This works in the synchronous client, too."""
    author = {"author": {"include": {"profile": True}}}
    user = await db.user.find_unique({"name": "Ada"}, include={"posts": {"where": {"views": 5}, "include": author}})
    nobody = await db.user.find_unique({"name": "Bob"}, include={"posts": True})
    assert ([(post.title, post.author.name, post.author.profile) for post in user.posts], nobody) == (
        [("first", "Ada", None)],
        None,
    )
