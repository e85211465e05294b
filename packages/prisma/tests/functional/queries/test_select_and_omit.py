"""`select`, `omit` and counts of related records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prisma import Base64, Json
from prisma.errors import FieldNotFoundError, InputError, UnknownModelError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.mark.needs("returning")
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


@pytest.mark.needs("scalar_lists")
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


@pytest.mark.needs("scalar_lists")
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


@pytest.mark.needs("scalar_lists")
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
