"""`skip` as a value: the argument counts as not given."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from prisma import skip
from prisma.client.request.skipping import kept
from prisma.errors import FieldNotFoundError, MissingRequiredValueError

if TYPE_CHECKING:
    from prisma import Prisma

KEPT: list[tuple[Any, Any]] = [
    ({"where": {"a": skip, "b": 1}}, {"where": {"b": 1}}),
    ({"where": skip, "take": 1}, {"take": 1}),
    ({"where": {"OR": [{"a": skip}, {"b": {"in": [1, 2]}}]}}, {"where": {"OR": [{}, {"b": {"in": [1, 2]}}]}}),
    ({"data": ({"a": skip, "b": None},)}, {"data": [{"b": None}]}),
    ({"where": {"a": 1}}, {"where": {"a": 1}}),
]


@pytest.mark.parametrize(("arguments", "expected"), KEPT)
def test_skipped_keys_are_left_out(arguments: Any, expected: Any) -> None:
    assert kept(arguments) == expected


async def test_skip_in_queries(db: Prisma) -> None:
    await db.user.create_many([{"email": "a", "name": skip}, {"email": "b", "name": "Bob"}])
    async with db.batch_() as batch:
        batch.user.update(where={"email": "b"}, data={"name": skip, "avatar": "x"})
    found = await db.user.find_many(
        where={"name": skip, "email": {"not": skip, "in": ["a", "b"]}}, take=skip, order=skip
    )
    include: Any = {"projects": skip, "credits": {"where": skip}}
    user = await db.user.find_unique({"email": "b"}, include=include)
    counts = (await db.user.count(where={"name": skip}), await db.user.count(select=skip))
    assert user is not None
    assert (sorted(u.email for u in found), user.projects, user.credits, user.name, user.avatar, counts) == (
        ["a", "b"],
        None,
        [],
        "Bob",
        "x",
        (2, 2),
    )


async def test_required_arguments_cannot_be_skipped(db: Prisma) -> None:
    with pytest.raises(MissingRequiredValueError, match=r"`data\.email`: A value is required"):
        await db.user.create({"email": skip})
    with pytest.raises(FieldNotFoundError, match=r"`where.email.in\[1\]`"):
        await db.user.find_many(where={"email": {"in": ["a", skip]}})


def test_skip_is_only_searched_for_once_it_is_used() -> None:
    program = (
        "import prisma, prisma.client.request.skipping as s; "
        "prisma.client; print(s.in_use); prisma.skip; print(s.in_use)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
