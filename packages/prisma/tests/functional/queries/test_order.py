"""Order by relations, by their counts, by relevance, and with NULL first or last."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.fixture
async def people(db: Any) -> None:
    """Ada has a profile and two posts, Bob a profile and three, Cy neither."""
    for name, bio, ratio, titles in (("Ada", "z", 0.5, "ab"), ("Bob", "y", None, "cde"), ("Cy", None, 0.1, "")):
        await db.user.create(
            {
                "name": name,
                "ratio": ratio,
                "posts": {"create": [{"title": title} for title in titles]},
                **({"profile": {"create": {"bio": bio}}} if bio else {}),
            }
        )


USERS: list[tuple[Any, str]] = [
    ({"posts": {"_count": "asc"}}, "Cy Ada Bob"),
    ({"posts": {"_count": "desc"}}, "Bob Ada Cy"),
    ({"profile": {"bio": "asc"}}, "Bob Ada Cy"),
    ({"profile": {"bio": "desc"}}, "Cy Ada Bob"),
    ([{"profile": {"userId": "asc"}}, {"name": "desc"}], "Ada Bob Cy"),
    ([{"active": "asc"}, {"posts": {"_count": "desc"}}], "Bob Ada Cy"),
]


@pytest.mark.needs("nulls_last")
async def test_order_by_relations(db: Any, people: None) -> None:
    found: list[tuple[str, list[str]]] = []
    for order, _ in USERS:
        users = [*await db.user.find_many(order=order), await db.user.find_first(order=order)]
        users += await db.user.find_many(order=order, take=-1)
        found.append((str(order), [user.name for user in users]))
    # All, the first, and the last.
    assert found == [(str(order), [*names.split(), names.split()[0], names.split()[-1]]) for order, names in USERS]


POSTS: list[tuple[Any, str]] = [
    ([{"author": {"name": "desc"}}, {"title": "asc"}], "cdeab"),
    ([{"author": {"profile": {"bio": "desc"}}}, {"title": "desc"}], "baedc"),
    ([{"author": {"posts": {"_count": "desc"}}}, {"title": "asc"}], "cdeab"),
]


async def test_order_through_several_relations(db: Any, people: None) -> None:
    found = [(order, "".join([post.title for post in await db.post.find_many(order=order)])) for order, _ in POSTS]
    assert found == POSTS


async def test_order_in_an_include(db: Any, people: None) -> None:
    order = [{"author": {"name": "asc"}}, {"title": "desc"}]
    user = await db.user.find_unique({"name": "Bob"}, include={"posts": {"order_by": order}})
    assert [post.title for post in user.posts] == ["e", "d", "c"]


PLACES: list[tuple[Any, str]] = [
    ({"ratio": {"sort": "asc", "nulls": "first"}}, "Bob Cy Ada"),
    ({"ratio": {"sort": "asc", "nulls": "last"}}, "Cy Ada Bob"),
    ({"ratio": {"sort": "desc", "nulls": "first"}}, "Bob Ada Cy"),
    ({"ratio": {"sort": "desc", "nulls": "last"}}, "Ada Cy Bob"),
    ({"ratio": {"sort": "desc"}}, "Bob Ada Cy"),
    ([{"active": "asc"}, {"ratio": {"sort": "asc", "nulls": "first"}}], "Bob Cy Ada"),
]


@pytest.mark.needs("nulls_last")
async def test_nulls_first_and_last(db: Any, people: None) -> None:
    found = [(order, " ".join([user.name for user in await db.user.find_many(order=order)])) for order, _ in PLACES]
    assert found == PLACES


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("full_text")
async def test_order_by_relevance(db: Any, bob: Any) -> None:
    assert [user.name for user in await db.user.find_many(order={"score": "desc"})] == ["Bob", "none"]
    relevance: Any = {"_relevance": {"fields": ["name"], "search": "none", "sort": "desc"}}
    assert [user.name for user in await db.user.find_many(order=relevance)] == ["none", "Bob"]
