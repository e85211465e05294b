"""`select` with a class: exactly its fields are read, and the results are its instances."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypedDict

import pydantic.dataclasses
import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from prisma import Base64, Extension, Json
from prisma.errors import BuilderError, InputError, InvalidShapeError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

UserId = NewType("UserId", int)


class Mood(StrEnum):
    good = "good"
    bad = "bad"
    other = "other"


class PostModel(BaseModel):
    title: str
    views: int


class UserModel(BaseModel):
    name: str
    posts: list[PostModel]


class Named(BaseModel):
    name: str


class PostOfNamed(BaseModel):
    title: str
    author: Named | None


class Renamed(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    name: str = Field(serialization_alias="userName")
    points: int = Field(alias="score")
    written: Sequence[PostOfNamed] = Field(validation_alias="posts")


class Strict(BaseModel):
    name: Annotated[str, Field(min_length=2)]
    mood: Annotated[str, BeforeValidator(lambda mood: mood or "none")]

    @field_validator("name")
    @classmethod
    def shout(cls, name: str) -> str:
        return name.upper()


@dataclass
class PostData:
    title: str


@dataclass(frozen=True)
class UserData:
    name: str
    score: float
    posts: list[PostData]


@dataclass(slots=True)
class UserSlots:
    name: str
    length: int = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.length = len(self.name)


@pydantic.dataclasses.dataclass
class UserChecked:
    name: str
    posts: list[PostData]


class PostDict(TypedDict):
    title: str


class UserDict(TypedDict):
    name: str
    posts: list[PostDict]


class PostTuple(NamedTuple):
    title: str
    views: int


class UserMixed(TypedDict):
    id: UserId
    posts: list[PostTuple]


SHAPES: list[tuple[type[Any], Any]] = [
    (UserModel, UserModel(name="Ada", posts=[PostModel(title="first", views=5), PostModel(title="second", views=0)])),
    (
        Renamed,
        Renamed(
            name="Ada",
            points=3,  # pyright: ignore[reportCallIssue]
            written=[
                PostOfNamed(title="first", author=Named(name="Ada")),
                PostOfNamed(title="second", author=Named(name="Ada")),
            ],
        ),
    ),
    (Strict, Strict(name="ADA", mood="none")),
    (UserData, UserData("Ada", 3, [PostData("first"), PostData("second")])),
    (UserSlots, UserSlots("Ada")),
    (UserChecked, UserChecked("Ada", [PostData("first"), PostData("second")])),
    (UserDict, {"name": "Ada", "posts": [{"title": "first"}, {"title": "second"}]}),
    (UserMixed, {"id": 1, "posts": [PostTuple("first", 5), PostTuple("second", 0)]}),
]


@pytest.mark.parametrize(("shape", "expected"), SHAPES, ids=[shape.__name__ for shape, _ in SHAPES])
async def test_instances(db: Any, ada: Any, shape: type[Any], expected: Any) -> None:
    found = await db.user.find_many(select=shape)
    assert (found, [type(each) for each in found]) == ([expected], [type(expected)])


@pytest.mark.needs("returning")
async def test_every_action(db: Any, ada: Any) -> None:
    one, named = {"id": ada.id}, Named(name="Ada")
    answers = [
        await db.user.find_unique(one, select=Named),
        await db.user.find_unique_or_raise(one, select=Named),
        await db.user.find_first(select=Named),
        await db.user.find_first_or_raise(select=Named),
        *await db.user.find_many(select=Named),
        await db.user.update({"score": 4}, one, select=Named),
        await db.user.upsert(one, {"create": {"name": "x"}, "update": {}}, select=Named),
        *await db.user.update_many_and_return({"score": 5}, {}, select=Named),
        *[each async for each in db.user.stream(select=Named, batch_size=1)],
    ]
    assert answers == [named] * 9
    assert await db.user.create({"name": "Bo"}, select=Named) == Named(name="Bo")
    assert await db.user.create_many_and_return([{"name": "Cy"}], select=Named) == [Named(name="Cy")]
    assert await db.user.delete({"name": "Cy"}, select=Named) == Named(name="Cy")
    assert await db.user.find_unique({"id": 999}, select=Named) is None
    assert await db.user.update({"score": 4}, {"id": 999}, select=Named) is None
    assert await db.user.delete({"id": 999}, select=Named) is None


@pytest.mark.tasks
async def test_what_is_read_is_what_a_dictionary_would_read(db: Any, ada: Any) -> None:
    statements: list[str] = []
    db.on("query", lambda event: statements.append(event.query))
    await db.user.find_many(select=UserData)
    by_class, statements[:] = list(statements), []
    await db.user.find_many(select={"name": True, "score": True, "posts": {"select": {"title": True}}})
    assert (by_class, "mood" in "".join(by_class)) == (statements, False)


async def test_relations_take_their_arguments_from_include(db: Any, ada: Any) -> None:
    found = await db.user.find_first(
        select=UserModel,
        include={"posts": {"where": {"title": {"contains": "s"}}, "order_by": {"id": "desc"}, "take": 1}},
    )
    assert found == UserModel(name="Ada", posts=[PostModel(title="second", views=0)])
    deep = await db.user.find_first(select=Renamed, include={"posts": {"take": 1, "include": {"author": True}}})
    assert [post.title for post in deep.written] == ["first"]


@dataclass
class Counts:
    posts: int


@dataclass
class Counted:
    name: str
    _count: Counts


class CountedModel(BaseModel):
    name: str
    counts: dict[str, int] = Field(alias="_count")


class Coerced(BaseModel):
    score: Annotated[str, Field(coerce_numbers_to_str=True)]


class AllCoerced(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)
    score: str


async def test_settings_that_convert(db: Any, ada: Any) -> None:
    answers = [(await db.user.find_first(select=shape)).score for shape in (Coerced, AllCoerced)]
    assert answers == ["3", "3"]


async def test_counts_of_related_records(db: Any, ada: Any) -> None:
    assert await db.user.find_first(select=Counted) == Counted("Ada", Counts(2))
    assert (await db.user.find_first_or_raise(select=CountedModel)).counts == {"posts": 2}


@dataclass
class Everything:
    big: int | None
    ratio: float | None
    price: Decimal | None
    mood: Mood | None
    active: bool
    born: datetime | None
    data: Any
    raw: bytes | None
    tags: list[str]


class EverythingModel(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    big: int | None
    ratio: float | None
    price: Decimal | None
    mood: Mood | None
    active: bool
    born: datetime | None
    data: dict[str, list[int]] | None
    raw: Base64 | None
    tags: tuple[str, ...]


class EverythingDict(TypedDict):
    mood: Literal["good", "bad"] | None
    raw: Base64 | None
    data: dict[str, Any] | None


BORN = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
DATA: dict[str, Any] = {"big": 2**40, "ratio": 0.5, "price": Decimal("1.50"), "mood": "good", "born": BORN}
WHOLE = {"name": "Bob", **DATA, "tags": ["a"], "data": Json({"a": [1]}), "raw": Base64.encode(b"hi")}


@pytest.mark.needs("scalar_lists")
async def test_values_of_every_type(db: Any) -> None:
    await db.user.create(WHOLE)
    await db.user.create({"name": "Nil"})
    select = {"order": {"name": "asc"}}
    whole, nothing = await db.user.find_many(select=Everything, **select)
    assert whole == Everything(2**40, 0.5, Decimal("1.5"), Mood.good, True, BORN, {"a": [1]}, b"hi", ["a"])
    assert nothing == Everything(None, None, None, None, True, None, None, None, [])
    assert type(whole.mood) is Mood
    whole, nothing = await db.user.find_many(select=EverythingModel, **select)
    assert whole.model_dump(exclude={"raw"}) == {
        **DATA, "mood": Mood.good, "active": True, "data": {"a": [1]}, "tags": ("a",)
    }  # fmt: skip
    assert (whole.raw, nothing.data, type(whole.mood)) == (Base64.encode(b"hi"), None, Mood)
    assert await db.user.find_many(select=EverythingDict, **select) == [
        {"mood": "good", "raw": Base64.encode(b"hi"), "data": {"a": [1]}},
        {"mood": None, "raw": None, "data": None},
    ]


class Settings(BaseModel):
    a: list[int]


class WithSettings(BaseModel):
    data: Settings | None


@pytest.mark.needs("scalar_lists")
async def test_json_held_by_a_model(db: Any) -> None:
    await db.user.create(WHOLE)
    assert await db.user.find_many(select=WithSettings) == [WithSettings(data=Settings(a=[1]))]


async def test_a_value_that_the_class_refuses(db: Any, ada: Any) -> None:
    await db.user.create({"name": "x"})
    with pytest.raises(ValidationError, match="at least 2 characters"):
        await db.user.find_many(select=Strict)


@pytest.mark.tasks
async def test_computed_fields(db: Any, ada: Any) -> None:
    extension = Extension("greeting")

    @extension.field("user", needs=["name", "score"])
    def greeting(user: Any) -> str:
        return f"{user.name} has {user.score}"

    @extension.field("post", needs=["title"])
    def loud(post: Any) -> str:
        return post.title.upper()

    assert await db.extends(extension).user.find_many(select=Greeted) == [
        Greeted("Ada has 3", [Loud(loud="FIRST"), Loud(loud="SECOND")])
    ]


class Loud(BaseModel):
    loud: str


@dataclass
class Greeted:
    greeting: str
    posts: list[Loud]


async def test_generated_classes(db: Any, ada: Any, package: Any) -> None:
    class OnlyName(package.bases.BaseUser):
        name: str

    found = await db.user.find_first(select=OnlyName)
    assert (type(found), found.model_dump()) == (OnlyName, {"name": "Ada"})
    whole = await db.user.find_first(select=package.models.User, include={"posts": {"take": 1}})
    assert (type(whole), len(whole.posts)) == (package.models.User, 1)


class Unknown(BaseModel):
    nmae: str


@dataclass
class Single:
    posts: PostData


@dataclass
class Listed:
    name: list[str]


@dataclass
class Several:
    tags: tuple[str, ...]


@dataclass
class Never:
    born: datetime


@dataclass
class Texts:
    score: str


class TextsModel(BaseModel):
    score: str


@dataclass
class FewMoods:
    mood: Literal["good"] | None


@dataclass
class Flat:
    posts: list[str]


@dataclass
class Level:
    name: str
    posts: list[Inside]


@dataclass
class Inside:
    author: Level | None


@dataclass
class More:
    name: str
    length: dataclasses.InitVar[int]


@dataclass
class Nothing:
    pass


@dataclass
class CountsOfOne:
    profile: int


@dataclass
class CountedOne:
    _count: CountsOfOne


@dataclass
class Missing:
    posts: list[Undefined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (Unknown, "The class Unknown declares `nmae`, which does not exist on User. Did you mean `name`?"),
        (Single, "Single.posts does not fit: User.posts is a list. Declare it as `list[PostData]`."),
        (Listed, "Listed.name does not fit: User.name is no list. Declare it as `str`."),
        pytest.param(
            Several,
            "Several.tags does not fit: User.tags is a list. Declare it as `list[str]`.",
            marks=pytest.mark.needs("scalar_lists"),
        ),
        (Never, "Never.born does not fit: User.born may be None. Declare it as `datetime | None`."),
        (Texts, "Texts.score does not fit: User.score is Int. Declare it as `int`."),
        (TextsModel, "TextsModel.score does not fit: User.score is Int. Declare it as `int`."),
        (FewMoods, "FewMoods.mood does not fit: User.mood is Mood. Declare it as `str`."),
        (Flat, "Flat.posts does not fit: User.posts holds records of Post. Declare it with a class of their fields."),
        (Level, "Level contains itself, and a query has an end: declare a class for each level."),
        (More, "More can't be made of its fields: missing a required argument: 'length'."),
        (Nothing, "Nothing declares no field."),
        (CountedOne, "CountsOfOne counts `profile`, which is no list of related records of User."),
        (
            Missing,
            (
                "The class Missing can't be used yet: `Undefined` in its annotations is not defined. "
                "Define it before the first query, at the level of its module."
            ),
        ),
        (
            int,
            (
                "`select` takes a dictionary or a class that is a pydantic model, a dataclass, a TypedDict or a "
                "NamedTuple; int is none."
            ),
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
async def test_a_class_that_does_not_fit(db: Any, shape: type[Any], sentence: str) -> None:
    with pytest.raises(BuilderError) as caught:
        await db.user.create({"name": "Ada"}, select=shape)
    # Nothing was written: the class is read before the query.
    assert (str(caught.value), await db.user.count()) == (sentence, 0)


async def test_refusals_of_arguments(db: Any, package: Any) -> None:
    refused = [
        (
            {"select": Named, "omit": {"name": True}},
            "`select` and `omit` can't be used together: Named says what to read.",
        ),
        (
            {"select": Named, "include": {"posts": True}},
            "`include` has `posts`, which is no relation that Named declares.",
        ),
        (
            {"select": UserModel, "include": {"posts": {"select": {"title": True}}}},
            "PostModel says what to read of `posts`: leave `select` out.",
        ),
        ({"select": UserModel, "include": ["posts"]}, "`include` must be a dictionary, not list."),
    ]
    for arguments, sentence in refused:
        with pytest.raises(InputError, match=sentence.replace(".", r"\.")):
            await db.user.find_many(**arguments)
    with pytest.raises(InvalidShapeError, match="Post is of Post, and the records are of User"):
        await db.user.find_many(select=package.models.Post)
