"""Record classes that a program defines itself: what they read, and which ones are refused before any write."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from prisma.errors import BuilderError, FieldNotFoundError, InvalidModelError, UnknownRelationalFieldError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

MODULE = '''
from typing import List, Optional

from pydantic import ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from {package} import models

bases = models.bases


class Plain(models.User):
    posts: "Optional[List[Title]]" = None


class Checked(bases.BaseUser):
    name: str
    posts: "Optional[List[Title]]" = None

    @field_validator("name")
    @classmethod
    def shout(cls, name: str) -> str:
        return name.upper()


class Strict(bases.BaseUser):
    model_config = ConfigDict(extra="forbid")

    name: str
    posts: "Optional[List[Title]]" = None


class Title(bases.BasePost):
    model_config = ConfigDict(extra="forbid")

    title: str
    author: "Optional[Strict]" = None


class Camel(models.Post):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Aliased(bases.BasePost):
    title: str = Field(alias="heading")
    views: int


class Post(models.Post):
    """The classes above do not refer to this one by its name."""


class User(models.User):
    pass


class Undefined(models.User):
    posts: "Optional[List[Nowhere]]" = None


class Wrong(bases.BaseUser):
    name: str
    nickname: str


class Defaulting(models.User):
    nickname: str = "none"


class WithWrong(bases.BasePost):
    title: str
    author: Optional[Wrong] = None


class Name(bases.BaseUser):
    name: str


class Headline(bases.BasePost):
    title: str
    author: Optional[Name] = None
'''


@pytest.fixture
def own(package: Any, db: Any, threads: Any, tmp_path: Path) -> Iterator[Any]:
    """Returns the actions of one of the module's classes, by the name of the class."""
    name = f"own_{package.__name__}"
    (tmp_path / f"{name}.py").write_text(MODULE.format(package=package.__name__), encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    module = importlib.import_module(name)
    yield lambda chosen: threads.adapt(getattr(module, chosen).prisma(threads.bare(db)))
    sys.path.remove(str(tmp_path))
    del sys.modules[name]


ADA: dict[str, Any] = {"name": "Ada", "posts": {"create": [{"title": "first"}]}}


@pytest.mark.parametrize(
    ("name", "dump"),
    [
        ("Plain", {"name": "Ada", "posts": [{"title": "first", "author": None}]}),
        ("Checked", {"name": "ADA", "posts": [{"title": "first", "author": None}]}),
        ("Strict", {"name": "Ada", "posts": [{"title": "first", "author": None}]}),
    ],
)
async def test_names_defined_later_in_the_module_are_looked_up_at_the_first_use(
    own: Any, name: str, dump: dict[str, Any]
) -> None:
    user = await own(name).create(ADA, include={"posts": True})
    assert (type(user).__name__, user.model_dump(include={"name", "posts"})) == (name, dump)
    again = await own(name).find_first(include={"posts": {"where": {"title": "none"}}})
    assert (again.name, again.posts) == (dump["name"], [])


async def test_inherited_annotations_keep_their_meaning(own: Any) -> None:
    user = await own("User").create(ADA, include={"posts": {"include": {"author": True}}})
    post = await own("Post").find_first(include={"author": True})
    assert [type(each).__module__.rpartition(".")[2] for each in (*user.posts, user.posts[0].author, post.author)] == [
        "models",
        "models",
        "models",
    ]


async def test_related_classes_read_what_they_declare(own: Any) -> None:
    await own("Plain").create(ADA)
    found = await own("Title").find_first(include={"author": {"include": {"posts": {"include": {"author": True}}}}})
    assert found.model_dump() == {
        "title": "first",
        "author": {"name": "Ada", "posts": [{"title": "first", "author": {"name": "Ada", "posts": None}}]},
    }


@pytest.mark.needs("standard_quotes")
async def test_raw_rows_become_instances_of_the_class(own: Any, db: Any) -> None:
    await own("Plain").create(ADA)
    rows = await own("Plain").query_raw('SELECT * FROM "User"')
    assert [(type(row).__name__, row.name, row.posts) for row in rows] == [("Plain", "Ada", None)]


async def test_aliases_do_not_change_what_is_read(own: Any) -> None:
    camel = await own("Camel").create({"title": "first", "views": 2})
    assert camel.model_dump(by_alias=True)["authorId"] is None
    found = await own("Aliased").find_first()
    assert found.model_dump() == {"title": "first", "views": 2}


async def test_an_undefined_name_is_an_error_before_any_write(own: Any, db: Any) -> None:
    with pytest.raises(BuilderError, match="Undefined can't be used yet: `Nowhere` in its annotations is not defined"):
        await own("Undefined").create(ADA)
    with pytest.raises(BuilderError, match="Nowhere"):
        await own("Undefined").query_raw("SELECT 1")
    assert await db.user.count() == 0


@pytest.mark.needs("standard_quotes")
@pytest.mark.parametrize("name", ["Wrong", "Defaulting"])
async def test_a_field_that_the_model_lacks(own: Any, db: Any, name: str) -> None:
    actions, where = own(name), {"name": "Ada"}
    calls = {
        "create": lambda: actions.create(ADA),
        "find_first": lambda: actions.find_first(),
        "find_many": lambda: actions.find_many(),
        "find_unique": lambda: actions.find_unique(where),
        "update": lambda: actions.update({"score": 9}, where),
        "upsert": lambda: actions.upsert(where, {"create": ADA, "update": {"score": 9}}),
        "delete": lambda: actions.delete(where),
        "create_many_and_return": lambda: actions.create_many_and_return([{"name": "Bob"}]),
    }
    await db.user.create(ADA)
    for call in calls.values():
        with pytest.raises(FieldNotFoundError) as caught:
            await call()
        assert str(caught.value) == (
            f"Field 'nickname' not found in enclosing type 'User': the class {name} declares it."
        )
        assert (caught.value.code, caught.value.meta["path"]) == ("P2009", "nickname")
    with pytest.raises(FieldNotFoundError, match="Field 'nickname' not found in enclosing type 'User'"):
        await own("WithWrong").find_first(include={"author": True})
    assert (await own("WithWrong").find_first()).author is None
    assert [user.score for user in await db.user.find_many()] == [0]


async def test_a_relation_that_the_class_lacks(own: Any, db: Any) -> None:
    name, headline = own("Name"), own("Headline")
    for call, class_, field in (
        (lambda: name.create(ADA, include={"posts": True}), "Name", "posts"),
        (lambda: name.find_first(include={"posts": {"take": 1}}), "Name", "posts"),
        (lambda: name.find_many(include={"name": True}), "Name", "name"),
        (lambda: headline.find_many(include={"author": {"include": {"posts": {}}}}), "Name", "posts"),
        (lambda: headline.find_many(include={"profile": True}), "Headline", "profile"),
    ):
        with pytest.raises(UnknownRelationalFieldError) as caught:
            await call()
        assert str(caught.value) == (
            f'Field: "{field}" either does not exist or is not a relational field on the {class_} model'
        )
    assert await db.user.count() == 0
    await db.user.create(ADA)
    assert (await name.find_many(include={"posts": False}))[0].model_dump() == {"name": "Ada"}
    found = await headline.find_many(include={"author": True})
    assert [post.model_dump() for post in found] == [{"title": "first", "author": {"name": "Ada"}}]


async def test_a_class_of_no_model(db: Any, package: Any, threads: Any) -> None:
    class Other(BaseModel):
        name: str

    actions = threads.adapt(importlib.import_module(f"{package.__name__}.actions").UserActions(threads.bare(db), Other))
    with pytest.raises(InvalidModelError, match="to have a `__prisma_model__` class variable set"):
        await actions.create(ADA)
    assert await db.user.count() == 0
