"""What of records is read: select, omit, counts of related records, and how relations are loaded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from prisma import Base64, Json
from prisma.errors import FieldNotFoundError, InputError, RecordNotFoundError, UnknownModelError

pytestmark = pytest.mark.schema("blog")

BLOG = Path(__file__).parents[1] / "schemas" / "blog" / "schema.prisma"


async def test_select_in_every_action(db: Any, ada: Any) -> None:
    one, select = {"id": ada.id}, {"name": True, "score": False}
    named = {"name": "Ada"}
    answers = [
        await db.user.find_unique(one, select=select),
        await db.user.find_unique_or_raise(one, select=select),
        await db.user.find_first(select=select),
        await db.user.find_first_or_raise(select=select),
        *await db.user.find_many(select=select),
        await db.user.update({"score": 4}, one, select=select),
        await db.user.upsert(one, {"create": {"name": "x"}, "update": {}}, select=select),
        *await db.user.update_many_and_return({"score": 5}, {}, select=select),
    ]
    assert answers == [named] * 8
    assert await db.user.create({"name": "Bob"}, select={"score": True}) == {"score": 0}
    assert await db.user.create_many_and_return([{"name": "Cy"}], select=select) == [{"name": "Cy"}]
    assert await db.user.delete({"name": "Cy"}, select=select) == {"name": "Cy"}
    assert await db.user.find_unique({"id": 999}, select=select) is None
    assert await db.user.update({"score": 4}, {"id": 999}, select=select) is None


async def test_select_relations(db: Any, ada: Any) -> None:
    row = await db.user.find_unique(
        {"id": ada.id},
        select={
            "name": True,
            "posts": {"select": {"title": True, "author": {"select": {"score": True}}}, "order_by": {"id": "desc"}},
            "profile": True,
        },
    )
    assert row == {
        "name": "Ada",
        "posts": [{"title": "second", "author": {"score": 3}}, {"title": "first", "author": {"score": 3}}],
        "profile": None,
    }


async def test_selected_values_have_the_types_of_models(db: Any) -> None:
    data = {
        "name": "Bob",
        "price": Decimal("1.50"),
        "raw": Base64.encode(b"hi"),
        "data": Json({"a": [1]}),
        "big": 2**40,
    }
    select = dict.fromkeys(("name", "price", "raw", "data", "big", "mood", "tags"), True)
    row = await db.user.create({**data, "mood": "bad"}, select=select)
    assert row == {**data, "data": {"a": [1]}, "mood": "bad", "tags": []}


@pytest.mark.parametrize("other", ["include", "omit"])
async def test_select_excludes_include_and_omit(db: Any, other: str) -> None:
    with pytest.raises(InputError, match=f"`select` and `{other}` can't be used together") as caught:
        await db.user.find_many(select={"id": True}, **{other: {"posts": True}})
    assert (caught.value.code, caught.value.meta["path"]) == ("P2019", other)
    with pytest.raises(InputError, match="can't be used together") as caught:
        await db.user.find_many(include={"posts": {"select": {"id": True}, other: {"author": True}}})
    assert caught.value.meta["path"] == f"include.posts.{other}"


async def test_select_of_an_unknown_field(db: Any) -> None:
    with pytest.raises(FieldNotFoundError, match="Did you mean `name`") as caught:
        await db.user.find_many(select={"nam": True})
    assert caught.value.meta["path"] == "select.nam"


async def test_omit(db: Any, ada: Any) -> None:
    omitted = ("big", "ratio", "price", "mood", "born", "data", "raw", "tags", "active")
    row = await db.user.find_unique({"id": ada.id}, omit=dict.fromkeys(omitted, True))
    assert row == {"id": ada.id, "name": "Ada", "score": 3}
    rows = await db.user.find_many(
        omit=dict.fromkeys(omitted, True), include={"posts": {"omit": {"id": True, "authorId": True}, "take": 1}}
    )
    assert rows == [{**row, "posts": [{"title": "first", "views": 5}]}]
    assert await db.post.delete({"id": ada.posts[0].id}, omit={"id": True, "views": True}) == {
        "title": "first",
        "authorId": ada.id,
    }
    user = await db.user.find_unique({"id": ada.id}, include={"posts": {"omit": {"title": True}}})
    assert (user.name, user.posts[0].views) == ("Ada", 0)
    with pytest.raises(AttributeError, match="'title' of this Post was not read"):
        _ = user.posts[0].title


async def test_client_wide_omit(make_client: Any, db: Any, ada: Any) -> None:
    async with make_client(omit={"user": {"score": True, "tags": True}, "post": {"views": True}}) as client:
        user = await client.user.find_unique({"id": ada.id}, include={"posts": True})
        assert (user.name, [post.title for post in user.posts]) == ("Ada", ["first", "second"])
        for record, name in ((user, "score"), (user, "tags"), (user.posts[0], "views")):
            with pytest.raises(AttributeError, match=f"'{name}' of this .* was not read: the client omits it"):
                getattr(record, name)
        asked = await client.user.find_unique({"id": ada.id}, omit={"score": False})
        assert (asked["score"], "tags" in asked) == (3, False)
        assert await client.user.find_unique({"id": ada.id}, select={"score": True}) == {"score": 3}
        assert "score" not in user.model_dump()


@pytest.mark.parametrize(
    ("omit", "error"),
    [({"nobody": {"id": True}}, UnknownModelError), ({"user": {"nam": True}}, FieldNotFoundError)],
)
def test_client_wide_omit_of_unknown_names(make_client: Any, omit: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make_client(omit=omit)


async def test_counts_of_related_records(db: Any, ada: Any) -> None:
    many = {"select": {"posts": {"where": {"views": {"gt": 0}}}}}
    assert await db.user.find_many(select={"name": True, "_count": True}) == [{"name": "Ada", "_count": {"posts": 2}}]
    assert await db.user.find_first(select={"_count": many}) == {"_count": {"posts": 1}}
    user = await db.user.find_unique({"id": ada.id}, include={"_count": {"select": {"posts": True}}})
    assert (user.name, user._count) == ("Ada", {"posts": 2})
    post = await db.post.find_first(include={"author": {"include": {"_count": many}}})
    assert post.author._count == {"posts": 1}


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
async def test_fluent_queries_of_one_loop_tick_are_batched(db: Any, ada: Any) -> None:
    ids = [(await db.user.create({"name": f"user {number}"})).id for number in range(5)]
    statements: list[str] = []
    db.on("query", lambda event: statements.append(event.query))
    found = await asyncio.gather(*(db.user.find_unique({"id": id_}).posts() for id_ in (ada.id, *ids)))
    # The first goes at once, what comes meanwhile together: each with a statement for the users and one for the posts.
    assert (list(map(len, found)), len(statements)) == ([2, 0, 0, 0, 0, 0], 4)


async def test_include_replaces_fluent_queries(db: Any, ada: Any) -> None:
    """Also where calls do not wait."""
    author = {"author": {"include": {"profile": True}}}
    user = await db.user.find_unique({"name": "Ada"}, include={"posts": {"where": {"views": 5}, "include": author}})
    nobody = await db.user.find_unique({"name": "Bob"}, include={"posts": True})
    assert ([(post.title, post.author.name, post.author.profile) for post in user.posts], nobody) == (
        [("first", "Ada", None)],
        None,
    )


@pytest.mark.parametrize("strategy", ["join", "query"])
async def test_relation_load_strategy(joining: Any, threads: Any, strategy: str) -> None:
    data = {"name": "Ada", "posts": {"create": [{"title": "first"}]}}
    statements: list[str] = []
    threads.bare(joining).on("query", lambda event: statements.append(event.query))
    created = await joining.user.create(data, include={"posts": True}, relation_load_strategy=strategy)
    assert [post.title for post in created.posts] == ["first"]
    statements.clear()
    users = await joining.user.find_many(include={"posts": True}, relation_load_strategy=strategy)
    assert ([post.title for post in users[0].posts], len(statements)) == (["first"], 1 if strategy == "join" else 2)


async def test_unknown_relation_load_strategy(joining: Any) -> None:
    with pytest.raises(FieldNotFoundError, match="relation_load_strategy"):
        await joining.user.find_many(relation_load_strategy="both")


def test_relation_load_strategy_needs_the_preview_feature(package: Any) -> None:
    with pytest.raises(TypeError, match="relation_load_strategy"):
        package.Prisma(use_dotenv=False).user.find_many(relation_load_strategy="join")


@pytest.fixture
async def joining(
    driver: str, packages: Any, threads: Any, url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Any]:
    """A client of the same schema with the preview feature `relationJoins`."""
    text = BLOG.read_text(encoding="utf-8")
    # One path for all tests, as packages are made once for each.
    schema = tmp_path_factory.getbasetemp() / "joining.prisma"
    schema.write_text(text.replace('["fullTextSearch"]', '["relationJoins"]'), encoding="utf-8")
    package = packages.get(schema, driver)
    async with threads.adapt(package.Prisma(datasource={"url": url}, use_dotenv=False)) as client:
        yield client
