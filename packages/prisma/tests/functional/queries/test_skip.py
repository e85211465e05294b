"""`skip` as a value: the argument counts as not given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prisma import bases, skip
from prisma.client.request.skip import without_skipped
from prisma.errors import DataError, FieldNotFoundError, MissingRequiredValueError

if TYPE_CHECKING:
    from prisma import Prisma

pytestmark = pytest.mark.portable

KEPT: list[tuple[Any, Any]] = [
    ({"where": {"a": skip, "b": 1}}, {"where": {"b": 1}}),
    ({"where": skip, "take": 1}, {"take": 1}),
    ({"where": {"OR": [{"a": skip}, {"b": {"in": [1, 2]}}]}}, {"where": {"OR": [{}, {"b": {"in": [1, 2]}}]}}),
    ({"data": ({"a": skip, "b": None},)}, {"data": [{"b": None}]}),
    ({"where": {"a": 1}}, {"where": {"a": 1}}),
]


@pytest.mark.parametrize(("arguments", "expected"), KEPT)
def test_skipped_keys_are_left_out(arguments: Any, expected: Any) -> None:
    assert without_skipped(arguments) == expected


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


# A method, its arguments with `skip`, and the same without.
SKIPPED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("find_first", {"select": skip}, {}),
    ("find_many", {"omit": skip, "take": skip}, {}),
    ("find_first", {"include": skip, "order": skip}, {}),
    ("find_first", {"include": {"projects": {"select": skip}}}, {"include": {"projects": True}}),
    ("find_first", {"include": {"_count": skip, "projects": True}}, {"include": {"projects": True}}),
    ("find_first", {"select": {"email": True, "name": skip}}, {"select": {"email": True}}),
    ("find_first", {"omit": {"email": True, "name": skip}}, {"omit": {"email": True}}),
    ("find_unique", {"where": {"email": "a", "name": skip}}, {"where": {"email": "a"}}),
    ("find_unique", {"where": {"email": "a"}, "select": skip}, {"where": {"email": "a"}}),
    ("count", {"select": skip, "where": skip}, {}),
    ("aggregate", {"count": True, "min": skip}, {"count": True}),
    ("aggregate", {"count": {"_all": True, "name": skip}}, {"count": {"_all": True}}),
    ("group_by", {"by": ["email"], "order": skip, "take": skip, "count": True}, {"by": ["email"], "count": True}),
    ("update_many", {"data": {"name": "b", "avatar": skip}, "where": {}}, {"data": {"name": "b"}, "where": {}}),
    ("create_many", {"data": [{"email": "a"}], "skip_duplicates": skip}, {"data": [{"email": "a"}]}),
    ("create_many", {"data": {1: {"email": skip}}.values()}, {"data": [{}]}),
]


@pytest.mark.parametrize(("method", "arguments", "expected"), SKIPPED, ids=[str(case[:2]) for case in SKIPPED])
async def test_a_skipped_argument_is_one_that_is_not_given(
    method: str, arguments: dict[str, Any], expected: dict[str, Any], db: Prisma
) -> None:
    await db.user.create({"email": "a"})

    async def answer(given: dict[str, Any]) -> Any:
        try:
            return await getattr(db.user, method)(**given)
        except DataError as error:
            return str(error)

    # Calls are recognized from the third one on.
    answers = [await answer(given) for given in (expected, expected, expected, arguments)]
    assert answers[3] == answers[0]


async def test_a_group_that_is_cut_needs_an_order_that_is_not_skipped(db: Prisma) -> None:
    with pytest.raises(TypeError, match="Missing argument: 'order'"):
        await db.user.group_by(["email"], order=skip, take=1)


async def test_a_stream_without_its_skipped_arguments(db: Prisma) -> None:
    await db.user.create({"email": "a"})
    include: Any = {"projects": {"where": skip}}
    stream = db.user.stream(distinct=skip, cursor=skip, take=skip, where={"name": skip}, include=include)
    assert [user.email async for user in stream] == ["a"]


async def test_what_a_program_derives_reads_without_what_is_skipped(db: Prisma, driver: str) -> None:
    if driver != "asyncpg":
        pytest.skip("`prisma.bases` are those of the asynchronous client")

    class WithProjects(bases.BaseUser):
        email: str
        projects: list[bases.BaseProject] | None = None

    await db.user.create({"email": "a"})
    actions = WithProjects.prisma(db)
    includes: list[Any] = [skip, {"projects": skip}, {"projects": {"select": skip}}]
    found = [await actions.find_first(include=include) for include in includes]
    assert [user and (user.email, user.projects) for user in found] == [("a", None), ("a", None), ("a", [])]


async def test_a_relation_of_a_query_that_skips(db: Prisma, driver: str) -> None:
    if driver != "asyncpg":
        pytest.skip("only asynchronous queries go on to relations")
    await db.user.create({"email": "a"})
    assert await db.user.find_unique({"email": "a"}, include=skip).projects(where=skip) == []
