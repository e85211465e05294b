"""Order that 0.15.0 did not have: by related records and their number, and where NULL stands."""

from __future__ import annotations

from typing import Any

import pytest


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


@pytest.mark.parametrize(("order", "expected"), USERS)
async def test_b18_by_related_records(db: Any, people: None, order: Any, expected: str) -> None:
    found = await db.user.find_many(order=order)
    first = await db.user.find_first(order=order)
    last = await db.user.find_many(order=order, take=-1)
    names = expected.split()
    assert [[user.name for user in users] for users in (found, [first], last)] == [names, names[:1], names[-1:]]


POSTS: list[tuple[Any, str]] = [
    ([{"author": {"name": "desc"}}, {"title": "asc"}], "cdeab"),
    ([{"author": {"profile": {"bio": "desc"}}}, {"title": "desc"}], "baedc"),
    ([{"author": {"posts": {"_count": "desc"}}}, {"title": "asc"}], "cdeab"),
]


@pytest.mark.parametrize(("order", "expected"), POSTS)
async def test_b18_through_several_relations(db: Any, people: None, order: Any, expected: str) -> None:
    assert "".join([post.title for post in await db.post.find_many(order=order)]) == expected


async def test_b18_in_an_include(db: Any, people: None) -> None:
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


@pytest.mark.parametrize(("order", "expected"), PLACES)
async def test_b19_places_of_null(db: Any, people: None, order: Any, expected: str) -> None:
    assert [user.name for user in await db.user.find_many(order=order)] == expected.split()
