"""Large answers: many rows become records in portions, and long JSON of related rows in a thread."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from prisma.engine.datamap import RELATED_ROWS, ROWS

MANY = 5 * ROWS


@pytest.fixture
async def many(db: Any) -> None:
    """Users, each with a project."""
    await db.execute_raw(
        'INSERT INTO users (id, email, "updatedAt") '
        f"SELECT i, i || '@example.com', now() FROM generate_series(1, {MANY}) i"
    )
    await db.execute_raw(
        'INSERT INTO projects (id, name, "userId", "updatedAt") '
        f"SELECT i, 'p' || i, i, now() FROM generate_series(1, {RELATED_ROWS * 2}) i"
    )


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("strategy", ["join", "query"])
async def test_portions_are_in_order(db: Any, strategy: str) -> None:
    ids = sorted(map(str, range(1, MANY + 1)))
    users = await db.user.find_many(order={"id": "asc"})
    backwards = await db.user.find_many(order={"id": "asc"}, take=-MANY)
    chosen = await db.user.find_many(order={"id": "asc"}, select={"id": True})
    related = await db.user.find_many(
        where={"projects": {"some": {}}}, include={"projects": True}, relation_load_strategy=strategy
    )
    assert [[user.id for user in users], [user.id for user in backwards], [user["id"] for user in chosen]] == [ids] * 3
    assert {user.id: [project.name for project in user.projects] for user in related} == {
        str(number): [f"p{number}"] for number in range(1, 2 * RELATED_ROWS + 1)
    }
    assert gc.isenabled()


RELATED = 5000
INSERT_RELATED = (
    'INSERT INTO projects (id, name, "userId", "updatedAt") '
    f"SELECT 'r' || i, repeat('x', 100), '1', now() FROM generate_series(1, {RELATED}) i"
)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("strategy", ["join", "query"])
async def test_long_texts_of_related_rows(db: Any, strategy: str) -> None:
    await db.execute_raw(INSERT_RELATED)
    projects = {"order_by": {"id": "asc"}, "where": {"id": {"startswith": "r"}}}
    ids = sorted(f"r{number}" for number in range(1, RELATED + 1))
    where, one = {"id": "1"}, {"id": {"in": ["1", "2"]}}
    included, selected = {"projects": projects}, {"projects": {**projects, "select": {"id": True, "name": True}}}
    user = await db.user.find_unique(where, include=included, relation_load_strategy=strategy)
    chosen = await db.user.find_unique(where, select=selected, relation_load_strategy=strategy)
    several = await db.user.find_many(where=one, include=included, relation_load_strategy=strategy)
    changed = await db.user.update({"name": "new"}, where, include=included, relation_load_strategy=strategy)
    streamed = [each async for each in db.user.stream(where=where, include=included)]
    found = [user, *several[:1], changed, *streamed]
    assert [[project.id for project in each.projects] for each in found] == [ids] * 4
    assert [project["id"] for project in chosen["projects"]] == ids
    assert gc.isenabled()


@pytest.mark.tasks
@pytest.mark.default_client
@pytest.mark.usefixtures("many")
async def test_long_texts_for_a_class_that_validates(db: Any) -> None:
    from pydantic import field_validator

    from prisma.bases import BaseProject, BaseUser

    class Project(BaseProject):
        id: str
        name: str

        @field_validator("name")
        @classmethod
        def shorten(cls, name: str) -> str:
            return name[:1]

    class User(BaseUser):
        id: str
        projects: list[Project] | None = None

    await db.execute_raw(INSERT_RELATED)
    user = await User.prisma(db).find_unique({"id": "1"}, include={"projects": True})
    assert user is not None
    assert {project.name for project in user.projects or ()} == {"x", "p"}
