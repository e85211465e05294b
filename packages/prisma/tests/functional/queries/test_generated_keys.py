"""Ids that the client generates, in columns that also belong to an optional relation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

pytestmark = pytest.mark.portable

PHOTO = {"id": "p", "albumId": "a", "code": "c"}
BY_KEY = {"id_albumId_code": PHOTO}
MADE = (36, 10)
"""The lengths of a UUID and of an album's code."""


@pytest.fixture
async def db(connect: Callable[[str], Any]) -> AsyncIterator[Any]:
    async with connect("relations") as client:
        await client.photo.create(PHOTO)
        await client.person.create({"name": "Ada"})
        yield client


async def _nested(db: Any, **verbs: Any) -> list[Any]:
    person = await db.person.update({"albums": verbs}, {"id": 1}, include={"albums": True})
    return person.albums


# The data, and the resulting ids and codes: their lengths, or the photo's id.
CASES: dict[str, tuple[Callable[[Any], Awaitable[Any]], Any]] = {
    "nothing given": (lambda db: db.album.create({}), [MADE]),
    "another field": (lambda db: db.album.create({"title": "x"}), [MADE]),
    "no cover": (lambda db: db.album.create({"coverId": None}), [MADE]),
    "another relation": (lambda db: db.album.create({"owner": {"connect": {"id": 1}}}), [MADE]),
    "another relation's key": (lambda db: db.album.create({"ownerId": 1}), [MADE]),
    "a part of the key": (lambda db: db.album.create({"code": "own"}), [(36, 3)]),
    "the relation": (lambda db: db.album.create({"cover": {"connect": BY_KEY}}), [("a", "c")]),
    "a new photo": (
        lambda db: db.album.create({"cover": {"create": {"albumId": "b", "code": "d"}}}),
        [("b", "d")],
    ),
    "nested": (lambda db: _nested(db, create={"title": "x"}), [MADE]),
    "several nested": (lambda db: _nested(db, create=[{}, {"title": "x"}, {"title": "y"}]), [MADE] * 3),
    "several nested, one with its id": (
        lambda db: _nested(db, create=[{"id": "own", "code": "own"}, {"title": "x"}]),
        [(3, 3), MADE],
    ),
    "nested connect_or_create": (
        lambda db: _nested(db, connect_or_create={"where": {"id": "x"}, "create": {}}),
        [MADE],
    ),
    "nested upsert": (
        lambda db: _nested(db, upsert={"where": {"id": "x"}, "create": {}, "update": {}}),
        [MADE],
    ),
    "upsert": (lambda db: db.album.upsert({"id": "x"}, {"create": {"title": "x"}, "update": {}}), [MADE]),
    "create_many_and_return": (lambda db: db.album.create_many_and_return([{"title": "x"}, {}]), [MADE] * 2),
}


@pytest.mark.needs("returning")
@pytest.mark.parametrize("name", CASES)
async def test_keys_are_generated_if_the_call_gives_none(db: Any, name: str) -> None:
    create, wanted = CASES[name]
    created = await create(db)
    albums = created if isinstance(created, list) else [created]
    found = [(album.id, album.code) if album.coverId else (len(album.id), len(album.code)) for album in albums]
    assert sorted(found) == sorted(wanted)


@pytest.mark.needs("returning")
async def test_every_row_gets_a_different_key(db: Any) -> None:
    await _nested(db, create=[{}] * 3)
    albums = await db.album.find_many()
    assert (len({album.id for album in albums}), len({album.code for album in albums})) == (3, 3)
