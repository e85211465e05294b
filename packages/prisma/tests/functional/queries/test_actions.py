"""Each action of a model, with the arguments that programs of version 0.15.0 pass."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

import pytest
from pydantic import BaseModel

from prisma.errors import RecordNotFoundError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

NOBODY = {"id": 999}


async def test_find_unique(db: Any, ada: Any) -> None:
    found = await db.user.find_unique({"name": "Ada"}, {"posts": True})
    assert (found, await db.user.find_unique(where=NOBODY)) == (ada, None)
    post = await db.post.find_unique(where={"title_views": {"title": "first", "views": 5}})
    assert post.authorId == ada.id


async def test_find_unique_or_raise(db: Any, ada: Any) -> None:
    assert (await db.user.find_unique_or_raise({"id": ada.id})).name == "Ada"
    with pytest.raises(RecordNotFoundError) as caught:
        await db.user.find_unique_or_raise(where=NOBODY)
    assert caught.value.code == "P2025"


async def test_find_first(db: Any, ada: Any) -> None:
    assert (await db.post.find_first(1, {"authorId": ada.id}, order={"id": "asc"})).title == "second"
    assert (await db.post.find_first(cursor={"id": ada.posts[1].id}, order={"id": "asc"})).title == "second"
    assert await db.post.find_first(where={"title": "no"}) is None


async def test_find_first_or_raise(db: Any, ada: Any) -> None:
    assert (await db.post.find_first_or_raise(include={"author": True}, order={"id": "asc"})).author.id == ada.id
    with pytest.raises(RecordNotFoundError):
        await db.post.find_first_or_raise(where={"title": "no"})


async def test_find_many(db: Any, ada: Any) -> None:
    titles = [post.title for post in await db.post.find_many(1, 1, order=[{"views": "desc"}, {"id": "asc"}])]
    assert titles == ["second"]
    assert [post.title for post in await db.post.find_many(take=-1, order={"id": "asc"})] == ["second"]
    assert len(await db.post.find_many(distinct=["authorId"])) == 1


async def test_create(db: Any) -> None:
    user = await db.user.create(
        data={
            "name": "Bob",
            "profile": {"create": {"bio": "b"}},
            "posts": {
                "connect_or_create": {
                    "where": {"title_views": {"title": "x", "views": 0}},
                    "create": {"title": "x"},
                }
            },
        },
        include={"profile": True, "posts": True},
    )
    assert (user.profile.bio, user.posts[0].title) == ("b", "x")


@pytest.mark.needs("skip_duplicates")
async def test_create_many(db: Any) -> None:
    assert await db.user.create_many([{"name": "a"}, {"name": "b"}]) == 2
    assert await db.user.create_many(data=[{"name": "b"}, {"name": "c"}], skip_duplicates=True) == 1


async def test_update(db: Any, ada: Any) -> None:
    changed = await db.user.update({"name": "Eve"}, {"id": ada.id}, {"posts": True})
    assert (changed.name, len(changed.posts)) == ("Eve", 2)
    assert await db.user.update(data={"name": "x"}, where=NOBODY) is None


async def test_update_many(db: Any, ada: Any) -> None:
    assert await db.post.update_many({"views": 9}, {"authorId": ada.id, "title": "first"}) == 1
    assert await db.post.update_many(data={"views": 9}, where={}) == 2


async def test_upsert(db: Any, ada: Any) -> None:
    data = {"create": {"name": "New"}, "update": {"score": {"increment": 1}}}
    assert (await db.user.upsert({"id": ada.id}, data)).score == 4
    assert (await db.user.upsert(where=NOBODY, data=data, include={"posts": True})).posts == []


async def test_delete(db: Any, ada: Any) -> None:
    post = ada.posts[0]
    assert (await db.post.delete({"id": post.id}, {"author": True})).author.name == "Ada"
    assert await db.post.delete(where={"id": post.id}) is None


async def test_delete_many(db: Any, ada: Any) -> None:
    assert await db.post.delete_many({"title": "first"}) == 1
    assert await db.post.delete_many() == 1


async def test_count(db: Any, ada: Any) -> None:
    assert await db.post.count() == 2
    assert await db.post.count(take=1) == 1
    assert await db.post.count(where={"views": {"gt": 1}}, skip=0) == 1
    assert await db.post.count(select={"_all": True, "authorId": True}) == {"_all": 2, "authorId": 2}


async def test_group_by(db: Any, ada: Any) -> None:
    groups = await db.post.group_by(["authorId"], count=True, sum={"views": True}, avg={"views": True})
    assert groups == [{"authorId": ada.id, "_count": {"_all": 2}, "_sum": {"views": 5}, "_avg": {"views": 2.5}}]
    chosen = await db.post.group_by(
        by=["title"], count={"id": True}, min={"views": True}, max={"views": True}, where={"views": {"lt": 5}},
        having={"views": {"_sum": {"equals": 0}}}, order={"title": "asc"}, take=1,
    )  # fmt: skip
    assert chosen == [{"title": "second", "_count": {"id": 1}, "_min": {"views": 0}, "_max": {"views": 0}}]
    with pytest.raises(TypeError, match="'order' which is required when 'take' is present"):
        await db.post.group_by(["title"], take=1)


@pytest.mark.needs("standard_quotes")
async def test_raw_queries_of_a_model(db: Any, ada: Any) -> None:
    posts = await db.post.query_raw('SELECT * FROM "Post" WHERE "views" = $1', 5)
    assert [(type(post).__name__, post.title) for post in posts] == [("Post", "first")]
    assert (await db.post.query_first('SELECT * FROM "Post" ORDER BY "id" DESC')).title == "second"
    assert await db.post.query_first('SELECT * FROM "Post" WHERE "id" = 0') is None


async def test_models_with_the_registered_client(db: Any, ada: Any, package: Any, threads: Any) -> None:
    from prisma.client import registry

    models = import_module(f"{package.__name__}.models")
    previous = registry.replace(None)
    try:
        for registered in (db, lambda: db):
            registry.replace(None)
            package.register(threads.bare(registered) if registered is db else lambda: threads.bare(db))
            assert (await _run(threads, models.User.prisma().find_first)).name == "Ada"
    finally:
        registry.replace(previous)
    async with db.tx() as tx:
        await _run(threads, models.Post.prisma(threads.bare(tx)).delete_many)
        assert await db.post.count() in {0, 2}
        assert await tx.post.count() == 0


async def test_custom_models(db: Any, ada: Any, package: Any, threads: Any) -> None:
    bases = import_module(f"{package.__name__}.bases")

    class Name(bases.BaseUser):
        name: str

    found = await _run(threads, Name.prisma(threads.bare(db)).find_many)
    assert [(type(user), user.model_dump()) for user in found] == [(Name, {"name": "Ada"})]


async def test_include(db: Any, ada: Any) -> None:
    user = await db.user.find_unique_or_raise(
        {"id": ada.id},
        include={
            "posts": {
                "where": {"views": {"gte": 0}},
                "order_by": {"views": "asc"},
                "take": 1,
                "skip": 1,
                "include": {"author": {"include": {"profile": True}}},
            },
            "profile": False,
        },
    )
    assert [(post.title, post.author.name, post.author.profile) for post in user.posts] == [("first", "Ada", None)]
    assert user.profile is None


async def test_records_are_pydantic_models(db: Any, ada: Any) -> None:
    user = await db.user.update({"mood": "bad"}, {"id": ada.id})
    assert (user.posts, user.profile, user.mood, type(user.mood)) == (None, None, "bad", str)
    assert isinstance(user, BaseModel)
    assert user.model_copy(update={"name": "x"}).model_dump(include={"name", "score"}) == {"name": "x", "score": 3}


@pytest.mark.needs("scalar_lists")
async def test_arguments_outside_the_generated_types(db: Any, ada: Any) -> None:
    order = await db.user.find_many(order={"big": {"sort": "asc", "nulls": "first"}})
    assert [user.id for user in order] == [ada.id]
    assert await db.user.count(where={"mood": {"in": ["good"]}}) == 0
    await db.user.update({"tags": ["a"]}, {"id": ada.id})
    assert await db.user.count(where={"tags": {"hasSome": ["a", "b"]}}) == 1
    changed = await db.user.update(
        {"posts": {"updateMany": {"where": {}, "data": {"views": 8}}}}, {"id": ada.id}, include={"posts": True}
    )
    assert {post.views for post in changed.posts} == {8}


async def _run(threads: Any, function: Any, *args: Any) -> Any:
    """Call an action of the asynchronous or of the synchronous client."""
    if asyncio.iscoroutinefunction(function):
        return await function(*args)
    return await threads.call(function, *args)
