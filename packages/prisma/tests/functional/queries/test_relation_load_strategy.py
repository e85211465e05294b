"""`relation_load_strategy`: related records by a join or by queries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from prisma import Prisma
from prisma.errors import FieldNotFoundError

pytestmark = pytest.mark.schema("blog")

BLOG = Path(__file__).parents[1] / "schemas" / "blog" / "schema.prisma"


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


@pytest.mark.portable
async def test_relation_load_strategy_needs_the_preview_feature(db: Any, driver: str) -> None:
    if driver in {"asyncpg", "psycopg", "threads"}:
        assert await db.user.find_many(relation_load_strategy="join") == []
    else:
        with pytest.raises(FieldNotFoundError, match="relation_load_strategy"):
            await db.user.find_many(relation_load_strategy="join")


@pytest.mark.parametrize(
    ("strategy", "expected"), [(None, [1, 1, 2, 2]), ("join", [1, 1, 1, 1]), ("query", [2, 2, 2, 2])]
)
async def test_strategy_of_a_client(
    packages: Any, driver: str, url: str, threads: Any, strategy: str | None, expected: list[int]
) -> None:
    """The schema has no preview feature. Nothing finds the posts of many users; those of one take one search."""
    package = packages.get("blog", driver)
    db = package.Prisma(datasource={"url": url}, use_dotenv=False, relation_load_strategy=strategy)
    counts: list[int] = []
    async with threads.adapt(db) as client:
        await client.user.create({"name": "Ada", "posts": {"create": {"title": "first"}}})
        statements: list[str] = []
        db.on("query", lambda event: statements.append(event.query))
        for find, include in (
            (client.user.find_unique, {"posts": True}),
            (client.user.find_many, {"profile": True}),
            (client.user.find_many, {"posts": True}),
            (client.user.find_many, {"posts": {"take": 1}}),
        ):
            where = {"name": "Ada"}
            found = await find(where=where, include=include)
            counts.append(len(statements))
            statements.clear()
            assert found
    assert counts == expected


def test_unknown_strategy_of_a_client() -> None:
    with pytest.raises(ValueError, match="'both'"):
        Prisma(relation_load_strategy="both")  # pyright: ignore[reportArgumentType]


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
