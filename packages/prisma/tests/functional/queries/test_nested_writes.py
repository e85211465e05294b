"""Nested writes: each operation in each place, and foreign keys in the data of updates."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from prisma.errors import DataError, RecordNotFoundError, UniqueViolationError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

Posts = dict[str, int]
# author → title → views; None is the author of posts without one.
POSTS: dict[str | None, Posts] = {"Ada": {"first": 5, "second": 0}, "Bob": {"other": 1}, None: {"free": 0}}
PEOPLE = {"Ada": (3, "one"), "Bob": (0, None)}
"""name → (score, bio of the profile)"""


@pytest.fixture(autouse=True)
async def people(db: Any) -> None:
    """Ada with a profile and two posts, Bob with a post, and a post without an author."""
    posts = {"create": [{"title": "first", "views": 5}, {"title": "second"}]}
    await db.user.create({"name": "Ada", "score": 3, "profile": {"create": {"bio": "one"}}, "posts": posts})
    await db.user.create({"name": "Bob", "posts": {"create": {"title": "other", "views": 1}}})
    await db.post.create({"title": "free"})


async def _posts(db: Any) -> dict[str | None, Posts]:
    found: dict[str | None, Posts] = {user.name: {} for user in await db.user.find_many()}
    for post in await db.post.find_many(include={"author": True}):
        found.setdefault(post.author and post.author.name, {})[post.title] = post.views
    return found


async def _people(db: Any) -> dict[str, tuple[int, str | None]]:
    users = await db.user.find_many(include={"profile": True})
    return {user.name: (user.score, user.profile and user.profile.bio) for user in users}


class _Undo(Exception):
    """Ends a transaction whose changes are not kept."""


async def _found(db: Any, cases: Any, write: Any, read: Any) -> dict[str, Any]:
    """Write each case on the same rows, and return the rows that are read afterwards."""
    found: dict[str, Any] = {}
    for case, (verbs, *_) in cases.items():
        with suppress(_Undo):
            async with db.tx() as tx:
                await write(tx, verbs)
                found[case] = await read(tx)
                raise _Undo
    return found


def _without_nobody(posts: dict[str | None, Posts]) -> dict[str | None, Posts]:
    return {author: titles for author, titles in posts.items() if titles or author}


def _key(title: str, views: int = 0) -> dict[str, Any]:
    return {"title_views": {"title": title, "views": views}}


FIRST, SECOND, OTHER, FREE = _key("first", 5), _key("second"), _key("other", 1), _key("free")
ADA = POSTS["Ada"]

# What is written into the posts of a user, and what the user gains.
IN_EVERY_WRITE: dict[str, tuple[Any, Any]] = {
    "create": ({"create": {"title": "new"}}, {"new": 0}),
    "create several": ({"create": [{"title": "new"}, {"title": "newer", "views": 2}]}, {"new": 0, "newer": 2}),
    "create_many": ({"create_many": {"data": [{"title": "new"}, {"title": "newer"}]}}, {"new": 0, "newer": 0}),
    "create_many, skipping": (
        {"create_many": {"data": [{"title": "new"}, {"title": "other", "views": 1}], "skip_duplicates": True}},
        {"new": 0},
    ),
    "connect_or_create, new": ({"connect_or_create": {"where": _key("x"), "create": {"title": "x"}}}, {"x": 0}),
    "connect": ({"connect": FREE}, {"free": 0}),
    "connect several": ({"connect": [FREE, OTHER]}, {"free": 0, "other": 1}),
    "connect, conditions": ({"connect": {**OTHER, "author": {"is": {"name": "Bob"}}}}, {"other": 1}),
    "connect_or_create, old": ({"connect_or_create": [{"where": FREE, "create": {"title": "x"}}]}, {"free": 0}),
    "several verbs": (
        {"create": {"title": "new"}, "connect": [OTHER], "create_many": {"data": [{"title": "newer"}]}},
        {"new": 0, "newer": 0, "other": 1},
    ),
}


def _taken(gained: Posts) -> dict[str | None, Posts]:
    """Return all posts but those that another user gained."""
    left = {author: {t: v for t, v in posts.items() if t not in gained} for author, posts in POSTS.items()}
    return _without_nobody(left)


# Each adds one level of relations between the record that is written and the posts.
UPDATES = {
    "one level": lambda db, posts: db.user.update({"posts": posts}, {"name": "Ada"}),
    "two levels": lambda db, posts: db.profile.update({"user": {"update": {"posts": posts}}}, {"userId": 1}),
    "in an upsert": lambda db, posts: db.user.upsert(
        {"name": "Ada"}, {"create": {"name": "Ada"}, "update": {"posts": posts}}
    ),
}
CREATES = {
    "one level": lambda db, posts: db.user.create({"name": "Cy", "posts": posts}),
    "two levels": lambda db, posts: db.profile.create({"bio": "x", "user": {"create": {"name": "Cy", "posts": posts}}}),
}


@pytest.mark.parametrize("place", CREATES)
@pytest.mark.needs("skip_duplicates")
async def test_to_many_in_creates(db: Any, place: str) -> None:
    found = await _found(db, IN_EVERY_WRITE, CREATES[place], _posts)
    assert found == {case: {**_taken(gained), "Cy": gained} for case, (_, gained) in IN_EVERY_WRITE.items()}


@pytest.mark.parametrize("place", UPDATES)
@pytest.mark.needs("skip_duplicates")
async def test_to_many_in_updates(db: Any, place: str) -> None:
    found = await _found(db, IN_EVERY_WRITE, UPDATES[place], _posts)
    assert found == {case: {**_taken(gained), "Ada": {**ADA, **gained}} for case, (_, gained) in IN_EVERY_WRITE.items()}


IN_UPDATES: dict[str, tuple[Any, dict[str | None, Posts]]] = {
    "set": ({"set": [FREE, FIRST]}, {"Ada": {"free": 0, "first": 5}, None: {"second": 0}}),
    "set, one": ({"set": SECOND}, {"Ada": {"second": 0}, None: {"free": 0, "first": 5}}),
    "set, none": ({"set": []}, {"Ada": {}, None: {"free": 0, **ADA}}),
    "disconnect": ({"disconnect": FIRST}, {"Ada": {"second": 0}, None: {"free": 0, "first": 5}}),
    "disconnect several": ({"disconnect": [FIRST, SECOND]}, {"Ada": {}, None: {"free": 0, **ADA}}),
    "disconnect, a condition that holds": (
        {"disconnect": [{**FIRST, "NOT": {"title": "x"}}]},
        {"Ada": {"second": 0}, None: {"free": 0, "first": 5}},
    ),
    "disconnect, a condition that does not hold": ({"disconnect": [{**FIRST, "NOT": {"views": 5}}]}, {}),
    "disconnect, of somebody else": ({"disconnect": [OTHER]}, {}),
    "delete": ({"delete": FIRST}, {"Ada": {"second": 0}}),
    "delete several": ({"delete": [FIRST, SECOND]}, {"Ada": {}}),
    "delete, a condition that holds": ({"delete": {**FIRST, "NOT": {"title": "x"}}}, {"Ada": {"second": 0}}),
    "update": ({"update": {"where": FIRST, "data": {"views": 9}}}, {"Ada": {**ADA, "first": 9}}),
    "update several": (
        {"update": [{"where": FIRST, "data": {"views": {"increment": 1}}}, {"where": SECOND, "data": {"title": "x"}}]},
        {"Ada": {"first": 6, "x": 0}},
    ),
    "update_many": ({"update_many": {"where": {"views": 5}, "data": {"views": 6}}}, {"Ada": {**ADA, "first": 6}}),
    "update_many, all": ({"update_many": [{"where": {}, "data": {"views": 7}}]}, {"Ada": dict.fromkeys(ADA, 7)}),
    "upsert, old": (
        {"upsert": {"where": FIRST, "create": {"title": "x"}, "update": {"views": 8}}},
        {"Ada": {**ADA, "first": 8}},
    ),
    "upsert, new": (
        {"upsert": [{"where": _key("x"), "create": {"title": "x", "views": 1}, "update": {}}]},
        {"Ada": {**ADA, "x": 1}},
    ),
    "delete_many": ({"delete_many": {"views": {"gt": 0}}}, {"Ada": {"second": 0}}),
    "delete_many, either": ({"delete_many": [{"title": "first"}, {"title": "second"}]}, {"Ada": {}}),
    "delete_many, all": ({"delete_many": {}}, {"Ada": {}}),
    "several verbs": (
        {"delete": SECOND, "update": {"where": FIRST, "data": {"views": 6}}, "connect": FREE, "create": {"title": "x"}},
        {"Ada": {"first": 6, "free": 0, "x": 0}, None: {}},
    ),
}


@pytest.mark.parametrize("place", UPDATES)
async def test_to_many_in_updates_only(db: Any, place: str) -> None:
    found = await _found(db, IN_UPDATES, UPDATES[place], _posts)
    assert found == {case: _without_nobody({**POSTS, **changed}) for case, (_, changed) in IN_UPDATES.items()}


TO_ONE: dict[str, tuple[Any, str | None, dict[str, Any]]] = {
    "create": ({"create": {"name": "Cy"}}, "Cy", {"Cy": (0, None)}),
    "create, two levels": (
        {"create": {"name": "Cy", "profile": {"create": {"bio": "c"}}}},
        "Cy",
        {"Cy": (0, "c")},
    ),
    "connect": ({"connect": {"name": "Ada"}}, "Ada", {}),
    "connect_or_create, old": (
        {"connect_or_create": {"where": {"name": "Ada"}, "create": {"name": "x"}}},
        "Ada",
        {},
    ),
    "connect_or_create, new": (
        {"connect_or_create": {"where": {"name": "Cy"}, "create": {"name": "Cy", "score": 1}}},
        "Cy",
        {"Cy": (1, None)},
    ),
    "disconnect": ({"disconnect": True}, None, {}),
    "disconnect, not": ({"disconnect": False}, "Bob", {}),
    "delete": ({"delete": True}, None, {"Bob": None}),
    "delete, a condition that holds": ({"delete": {"profile": None}}, None, {"Bob": None}),
    "delete, a condition that does not hold": ({"delete": {"score": 1}}, "Bob", {}),
    "update": ({"update": {"score": 7}}, "Bob", {"Bob": (7, None)}),
    "update, two levels": (
        {"update": {"profile": {"create": {"bio": "b"}}, "score": {"increment": 1}}},
        "Bob",
        {"Bob": (1, "b")},
    ),
    "update, a condition that holds": (
        {"update": {"where": {"name": {"startswith": "B"}}, "data": {"score": 7}}},
        "Bob",
        {"Bob": (7, None)},
    ),
    "update, a condition that does not hold": ({"update": {"where": {"name": "x"}, "data": {"score": 7}}}, "Bob", {}),
    "upsert": ({"upsert": {"create": {"name": "x"}, "update": {"score": 8}}}, "Bob", {"Bob": (8, None)}),
    "upsert, a condition that holds": (
        {"upsert": {"where": {"score": 0}, "create": {"name": "Cy"}, "update": {"score": 8}}},
        "Bob",
        {"Bob": (8, None)},
    ),
    "upsert, a condition that does not hold": (
        {
            "upsert": {
                "where": {"score": {"in": [1, 2]}, "posts": {"some": {"views": 1}}},
                "create": {"name": "Cy", "profile": {"create": {"bio": "c"}}},
                "update": {"score": 8},
            }
        },
        "Cy",
        {"Cy": (0, "c")},
    ),
}


async def test_to_one(db: Any) -> None:
    async def author_and_people(client: Any) -> Any:
        post = await client.post.find_unique(OTHER, include={"author": True})
        return post.author and post.author.name, await _people(client)

    found = await _found(db, TO_ONE, lambda tx, verbs: tx.post.update({"author": verbs}, OTHER), author_and_people)
    assert found == {
        case: (author, {name: values for name, values in {**PEOPLE, **changed}.items() if values})
        for case, (_, author, changed) in TO_ONE.items()
    }


# What is written into the profile of a user; who it is; what changes.
PROFILES: dict[str, tuple[str, Any, Any]] = {
    "create": ("Bob", {"create": {"bio": "b"}}, {"Bob": (0, "b")}),
    "connect": ("Bob", {"connect": {"id": 1}}, {"Ada": (3, None), "Bob": (0, "one")}),
    "connect_or_create": (
        "Bob",
        {"connect_or_create": {"where": {"id": 9}, "create": {"bio": "b"}}},
        {"Bob": (0, "b")},
    ),
    "update": ("Ada", {"update": {"bio": "a"}}, {"Ada": (3, "a")}),
    "update, a condition": ("Ada", {"update": {"where": {"bio": "x"}, "data": {"bio": "a"}}}, {}),
    "update, nothing there": ("Bob", {"update": {"bio": "b"}}, {}),
    "upsert, old": ("Ada", {"upsert": {"create": {"bio": "x"}, "update": {"bio": "a"}}}, {"Ada": (3, "a")}),
    "upsert, new": ("Bob", {"upsert": {"create": {"bio": "b"}, "update": {"bio": "x"}}}, {"Bob": (0, "b")}),
    "delete": ("Ada", {"delete": True}, {"Ada": (3, None)}),
    "delete, a condition that holds": ("Ada", {"delete": {"bio": "one"}}, {"Ada": (3, None)}),
    "delete, a condition that does not hold": ("Ada", {"delete": {"bio": "x"}}, {}),
}


async def test_to_one_from_the_other_side(db: Any) -> None:
    cases = {case: ((name, verbs),) for case, (name, verbs, _) in PROFILES.items()}
    found = await _found(
        db, cases, lambda tx, written: tx.user.update({"profile": written[1]}, {"name": written[0]}), _people
    )
    assert found == {case: {**PEOPLE, **changed} for case, (_, _, changed) in PROFILES.items()}


async def test_upsert_with_a_condition_and_no_related_record(db: Any) -> None:
    verbs = {"upsert": {"where": {"score": 3}, "create": {"name": "Cy"}, "update": {"score": 8}}}
    await db.post.update({"author": verbs}, FREE)
    assert await _posts(db) == {**_without_nobody({**POSTS, None: {}}), "Cy": {"free": 0}}


@pytest.mark.parametrize("conditions", [True, {}])
async def test_delete_without_a_related_record(db: Any, conditions: Any) -> None:
    verbs, bob = {"delete": conditions}, {"name": "Bob"}
    assert await db.user.update({"score": 9, "profile": verbs}, bob) is None
    assert await db.post.update({"title": "x", "author": verbs}, FREE) is None
    with pytest.raises(RecordNotFoundError, match="nested delete on one-to-one relation"):
        await db.user.upsert(bob, {"create": bob, "update": {"profile": verbs}})
    assert (await _people(db), await _posts(db)) == (PEOPLE, POSTS)


# Writes that are refused, with the code of the error.
REFUSED: list[tuple[Any, str]] = [
    (lambda db: db.user.update({"profile": {"disconnect": True}}, {"name": "Ada"}), "P2014"),
    (lambda db: db.user.update({"profile": {"create": {"bio": "x"}}}, {"name": "Ada"}), "P2014"),
    (lambda db: db.user.update({"posts": {"delete": [OTHER]}}, {"name": "Ada"}), "P2017"),
    (lambda db: db.user.update({"posts": {"delete": {**FIRST, "NOT": {"views": 5}}}}, {"name": "Ada"}), "P2017"),
    (lambda db: db.post.update({"author": {"disconnect": {"score": 0}}}, OTHER), "P2019"),
    # A user has one profile at most, and the old one stays.
    (
        lambda db: db.user.update(
            {"profile": {"upsert": {"where": {"bio": "x"}, "create": {"bio": "y"}, "update": {}}}}, {"name": "Ada"}
        ),
        "P2002",
    ),
]


@pytest.mark.parametrize(("write", "code"), REFUSED)
async def test_refused_nested_writes(db: Any, write: Any, code: str) -> None:
    with pytest.raises(DataError) as caught:
        await write(db)
    assert (caught.value.code, await _people(db), await _posts(db)) == (code, PEOPLE, POSTS)


CREATE = "Create what is missing first, or use `connect_or_create`."
# Writes that are refused, with the end of the sentence: what to do.
FIXES: list[tuple[Any, str]] = [
    (
        lambda db: db.user.update({"profile": {"create": {"bio": "x"}}}, {"name": "Ada"}),
        "Connect the record that would be left without it to another one, or delete it.",
    ),
    (
        lambda db: db.user.update({"posts": {"delete": [OTHER]}}, {"name": "Ada"}),
        "Name connected records only, or use `delete_many`, which passes over others.",
    ),
    (lambda db: db.user.update({"posts": {"connect": [_key("x")]}}, {"name": "Ada"}), CREATE),
    (lambda db: db.post.create({"title": "x", "author": {"connect": {"name": "x"}}}), CREATE),
]


async def test_errors_name_the_fix(db: Any) -> None:
    said: list[str] = []
    for write, _ in FIXES:
        with pytest.raises(DataError) as caught:
            await write(db)
        said.append(str(caught.value).split(". ")[-1])
    assert said == [fix for _, fix in FIXES]


async def test_records_of_another_parent_are_not_changed(db: Any) -> None:
    posts = {"update": {"where": OTHER, "data": {"views": 9}}}
    assert (await UPDATES["one level"](db, posts), await _posts(db)) == (None, POSTS)


async def test_all_or_nothing(db: Any) -> None:
    with pytest.raises(UniqueViolationError):
        await db.profile.update(
            {"bio": "x", "user": {"update": {"score": 9, "posts": {"create": [{"title": "new"}, {"title": "free"}]}}}},
            {"userId": 1},
        )
    assert (await _people(db), await _posts(db)) == (PEOPLE, POSTS)


KEYS: dict[str, tuple[Any, str | None]] = {
    "update": (lambda db: db.post.update({"authorId": 1}, OTHER), "Ada"),
    "update, to NULL": (lambda db: db.post.update({"authorId": None}, OTHER), None),
    "update, set": (lambda db: db.post.update({"authorId": {"set": 1}, "views": 1}, OTHER), "Ada"),
    "update_many": (lambda db: db.post.update_many({"authorId": 1}, {"title": "other"}), "Ada"),
    "update_many_and_return": (lambda db: db.post.update_many_and_return({"authorId": 1}, {"title": "other"}), "Ada"),
    "upsert": (lambda db: db.post.upsert(OTHER, {"create": {"title": "x"}, "update": {"authorId": 1}}), "Ada"),
}


@pytest.mark.needs("returning")
async def test_foreign_keys_in_updates(db: Any) -> None:
    async def author(client: Any) -> Any:
        post = await client.post.find_unique(OTHER, include={"author": True})
        return post.author and post.author.name

    found = await _found(db, KEYS, lambda tx, update: update(tx), author)
    assert found == {case: name for case, (_, name) in KEYS.items()}


async def test_required_foreign_keys(db: Any) -> None:
    moved = await db.profile.update({"userId": 2, "bio": "two"}, {"userId": 1}, include={"user": True})
    assert (moved.user.name, await _people(db)) == ("Bob", {"Ada": (3, None), "Bob": (0, "two")})
