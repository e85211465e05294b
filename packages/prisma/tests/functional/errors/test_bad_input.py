"""Whatever a caller passes, what leaves the client is a result, or an error of `prisma.errors` with the place."""

from __future__ import annotations

import copy
import math
import random
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from prisma import Base64, DbNull, Json, JsonNull
from prisma.client.request.paths import places
from prisma.errors import DataError, PrismaError

pytestmark = pytest.mark.schema("blog")

MAX_PARAMETERS = 32_766


def around(value: Any, depth: int) -> Any:
    """Return a condition inside others, as lists and dictionaries in turn."""
    for number in range(depth):
        value = {"AND": value} if number % 2 else {"NOT": [value]}
    return value


def nested_list(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def endless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["AND"] = [value]
    return value


def relations(depth: int) -> Any:
    value: Any = {"id": 1}
    for number in range(depth):
        value = {"author": {"is": value}} if number % 2 else {"posts": {"some": value}}
    return value


def included(depth: int) -> Any:
    value: Any = True
    for number in range(depth):
        value = {"include": {"posts" if number % 2 else "author": value}}
    return {"posts": value}


def endless_include() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["posts"] = {"include": {"author": {"include": value}}}
    return value


ALTERNATIVES = [{"score": 1}] * (MAX_PARAMETERS + 1)
IDS = [{"id": number} for number in range(MAX_PARAMETERS + 1)]

# What is done, the code, the path, the kind.
REFUSED: list[tuple[str, Callable[[Any], Awaitable[Any]], str, str, str]] = [
    (
        "100 deep",
        lambda db: db.user.count(where=around({"score": 1}, 100)),
        "P2009",
        "where.AND.NOT[0].AND.NOT…",
        "NestedTooDeeply",
    ),
    (
        "500 deep",
        lambda db: db.user.count(where=around({"score": 1}, 500)),
        "P2009",
        "where.AND.NOT[0].AND.NOT…",
        "NestedTooDeeply",
    ),
    (
        "relations",
        lambda db: db.user.count(where=relations(101)),
        "P2009",
        "where.posts.some.author.is.posts…",
        "NestedTooDeeply",
    ),
    (
        "include",
        lambda db: db.user.find_many(include=included(301)),
        "P2009",
        "include.posts.include.author.include.posts…",
        "NestedTooDeeply",
    ),
    ("itself", lambda db: db.user.count(where=endless()), "P2009", "where.AND[0]", "NestedTooDeeply"),
    (
        "itself included",
        lambda db: db.user.find_many(include=endless_include()),
        "P2009",
        "include.posts.include.author.include",
        "NestedTooDeeply",
    ),
    ("itself in data", lambda db: db.user.create({"name": endless()}), "P2009", "data.name.AND[0]", "NestedTooDeeply"),
    (
        "json itself",
        lambda db: db.user.create({"name": "x", "data": endless()}),
        "P2009",
        "data.data",
        "InvalidArgumentValue",
    ),
    (
        "deep json",
        lambda db: db.user.create({"name": "x", "data": Json(nested_list(20_000))}),
        "P2009",
        "data.data",
        "NestedTooDeeply",
    ),
    (
        "deep text",
        lambda db: db.user.create({"name": "x", "data": "[" * 20_000}),
        "P2009",
        "data.data",
        "NestedTooDeeply",
    ),
    (
        "deep row",
        lambda db: db.user.create_many([{"name": "x", "data": nested_list(20_000)}]),
        "P2009",
        "data[0].data",
        "NestedTooDeeply",
    ),
    ("float", lambda db: db.user.create({"name": "x", "ratio": 10**400}), "P2020", "data.ratio", "ValueTooLarge"),
    (
        "float filter",
        lambda db: db.user.count(where={"ratio": {"in": [1, 10**400]}}),
        "P2020",
        "where.ratio.in[1]",
        "ValueTooLarge",
    ),
    (
        "base64",
        lambda db: db.user.create({"name": "x", "raw": Base64(b"a")}),
        "P2009",
        "data.raw",
        "InvalidArgumentValue",
    ),
    (
        "leap second",
        lambda db: db.user.count(where={"born": "2020-01-01T00:00:60Z"}),
        "P2009",
        "where.born",
        "InvalidArgumentValue",
    ),
    (
        "year 0",
        lambda db: db.user.create({"name": "x", "born": "0000-01-01T00:00:00Z"}),
        "P2009",
        "data.born",
        "InvalidArgumentValue",
    ),
    ("key", lambda db: db.user.count(where={1: 2}), "P2009", "where.1", "UnknownInputField"),
    ("key of data", lambda db: db.user.create({"name": "x", None: 2}), "P2009", "data.None", "UnknownInputField"),
    (
        "key of json",
        lambda db: db.user.create({"name": "x", "data": {(1, 2): 3}}),
        "P2009",
        "data.data",
        "InvalidArgumentType",
    ),
    ("surrogate", lambda db: db.user.count(where={"mood": "\ud800"}), "P2009", "where.mood", "InvalidArgumentValue"),
    *(
        (
            f"json gt {value!r}",
            lambda db, value=value: db.user.count(where={"data": {"path": ["a"], "gt": value}}),
            "P2009",
            "where.data.gt",
            "InvalidArgumentType",
        )
        for value in (None, True, [1], {"a": 1}, Json([1]), Json(None), JsonNull)
    ),
    ("many", lambda db: db.user.count(where={"OR": ALTERNATIVES}), "P2029", "where", "TooManyParameters"),
    (
        "many in a relation",
        lambda db: db.post.find_many(where={"author": {"is": {"AND": ALTERNATIVES}}}),
        "P2029",
        "where",
        "TooManyParameters",
    ),
    (
        "many included",
        lambda db: db.user.find_many(include={"posts": {"where": {"OR": [{"views": 1}] * (MAX_PARAMETERS + 1)}}}),
        "P2029",
        "include.posts.where",
        "TooManyParameters",
    ),
    ("many deleted", lambda db: db.user.delete_many(where={"OR": ALTERNATIVES}), "P2029", "where", "TooManyParameters"),
    *(
        (
            f"many to {verb}",
            lambda db, verb=verb: db.user.update({"posts": {verb: IDS}}, {"id": 1}),
            "P2029",
            f"data.posts.{verb}",
            "TooManyParameters",
        )
        for verb in ("connect", "set", "disconnect", "delete")
    ),
]


@pytest.mark.parametrize(
    ("call", "code", "path", "kind"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_what_is_refused(db: Any, call: Callable[[Any], Awaitable[Any]], code: str, path: str, kind: str) -> None:
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        await call(db)
    assert (caught.value.code, caught.value.meta["path"], caught.value.meta["kind"]) == (code, path, kind)
    # The compiler would take many times longer, if it were asked.
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "\ud800"])
async def test_a_text_that_no_column_can_hold(db: Any, text: str) -> None:
    codes: list[str | None] = []
    for call in (
        lambda: db.user.create({"name": text}),
        lambda: db.user.find_first(where={"name": text}),
        lambda: db.user.find_many(where={"name": {"in": ["a", text]}}),
        lambda: db.user.update_many(where={}, data={"name": text}),
    ):
        with pytest.raises(DataError) as caught:
            await call()
        codes.append(caught.value.code)
    assert codes == ["P2007"] * 4


@pytest.fixture
def usual_stack() -> Generator[None]:
    """Python's own limit: some libraries raise it for the whole process."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("usual_stack")
async def test_json_in_the_database_that_python_has_no_stack_for(db: Any, ada: Any) -> None:
    await db.execute_raw("UPDATE \"User\" SET data = (repeat('[', 5000) || repeat(']', 5000))::jsonb")
    found: set[object] = set()
    for read in (
        lambda: db.query_raw('SELECT data, ARRAY[data] AS many FROM "User"'),
        lambda: db.user.find_first(),
        lambda: db.user.find_many(select={"data": True}),
        lambda: db.post.find_many(include={"author": True}),
        lambda: db.post.find_many(include={"author": {"include": {"posts": {"take": 1, "order": {"id": "asc"}}}}}),
    ):
        try:
            await read()
        except DataError as error:
            found.add(error.code)
        else:
            found.add("read")
    # From Python 3.12 on, its parser has a stack of its own, which goes deeper.
    assert found <= {"P2023", "read"} if sys.version_info >= (3, 12) else found == {"P2023"}


VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    10**5000,
    1.5,
    math.nan,
    math.inf,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("1E+999999"),
    "",
    "x",
    "\ud800",
    "a\x00b",
    "2020-01-01T00:00:60Z",
    "0000-01-01T00:00:00Z",
    "[",
    "[" * 5000,
    "9" * 5000,
    b"x",
    bytearray(b"x"),
    Base64(b"a"),
    Base64(b"\xff"),
    Json(None),
    Json({1: {2: 3}}),
    Json(math.nan),
    Json("\ud800"),
    DbNull,
    JsonNull,
    date(2020, 1, 1),
    datetime.max,
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    UUID(int=1),
    object(),
    int,
    {1, 2},
    (1, 2),
    iter([1]),
    range(3),
    [],
    [None],
    [[]],
    [{}],
    {},
    {"x": 1},
    {1: 2},
    {None: None},
    {"$type": "Param"},
    {"set": None},
    {"not": {"not": None}},
    endless(),
    nested_list(3000),
    lambda: None,
    timedelta(1),
    1j,
]
POST: dict[str, Any] = {"title": "t", "views": 1}
USER: dict[str, Any] = {
    "name": "n",
    "score": 1,
    "big": 1,
    "ratio": 1.0,
    "price": Decimal(1),
    "mood": "good",
    "active": True,
    "data": {"a": 1},
    "born": datetime(2020, 1, 1, tzinfo=UTC),
    "raw": Base64.encode(b"x"),
    "tags": ["a"],
}
WHERE: dict[str, Any] = {
    "OR": [{"name": {"contains": "a", "mode": "insensitive"}}, {"score": {"in": [1, 2], "not": {"gt": 1}}}],
    "NOT": {"tags": {"has_some": ["a"]}},
    "posts": {"some": {"title": "t"}},
    "profile": {"is": {"bio": "b"}},
    "data": {"path": ["a"], "equals": 1, "gt": 1, "string_contains": "x"},
    "born": {"lt": "2020-01-01T00:00:00Z"},
    "mood": "bad",
}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "user",
        "create",
        {"data": {**USER, "posts": {"create": [POST], "connect_or_create": [{"where": {"id": 1}, "create": POST}]}}},
    ),
    (
        "user",
        "update",
        {"where": {"id": 1}, "data": {"score": {"increment": 1}, "tags": {"push": ["a"]}, "data": {"b": 1}}},
    ),
    ("user", "upsert", {"where": {"name": "n"}, "data": {"create": USER, "update": {"price": {"multiply": 2}}}}),
    ("user", "create_many", {"data": [USER, {"name": "m"}], "skip_duplicates": True}),
    (
        "user",
        "find_many",
        {"where": WHERE, "take": 1, "skip": 1, "cursor": {"id": 1}, "distinct": ["name"], "order": [{"name": "asc"}]},
    ),
    (
        "user",
        "find_many",
        {"include": {"posts": {"where": {"views": 1}, "take": 1, "order": {"id": "asc"}}, "profile": True}},
    ),
    ("user", "find_first", {"where": {"id": 1}, "select": {"name": True, "_count": {"select": {"posts": True}}}}),
    ("user", "find_unique", {"where": {"id": 1}}),
    ("post", "find_unique", {"where": {"title_views": {"title": "t", "views": 1}}}),
    ("user", "delete_many", {"where": {"id": {"in": [-1, -2]}, "price": {"lt": 0}}}),
    ("user", "count", {"where": WHERE, "select": {"name": True}}),
    ("user", "aggregate", {"sum": {"score": True}, "where": {"ratio": {"gt": 1}}}),
    (
        "user",
        "group_by",
        {"by": ["name"], "having": {"score": {"_avg": {"gt": 1}}}, "order": {"name": "asc"}, "count": True},
    ),
]
# What says that nobody thought of it.
BLUNDERS = (
    "panicked",
    "report this as a bug",
    "This is a bug",
    "this is no a",
    "got nothing",
    "JSON Error",
    "can't be read",
)
ROUNDS = 250


def spoiled(dice: random.Random, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with something else in one place."""
    other = copy.deepcopy(arguments)
    path = dice.choice([path for path, _ in places(other)])
    holder: Any = other
    for step in path[:-1]:
        holder = holder[step]
    value = dice.choice(VALUES)
    if isinstance(holder, dict) and holder is not other and dice.random() < 0.1:
        holder[dice.choice(["$type", "_ref", "x", "", 1, None, ("a",)])] = value
    else:
        holder[path[-1]] = value
    return other


async def test_nothing_else_than_our_errors_leaves_the_client(db: Any, driver: str) -> None:
    dice = random.Random(f"bad input {driver}")
    wrong: list[tuple[str, str, str, str]] = []
    for _ in range(ROUNDS):
        model, action, arguments = dice.choice(CALLS)
        given = spoiled(dice, arguments)
        try:
            await getattr(getattr(db, model), action)(**given)
        except PrismaError as error:
            is_blunder = any(words in str(error) for words in BLUNDERS)
            facts = getattr(error, "meta", {})
            is_lost = (
                getattr(error, "code", None) == "P2009" and not facts["path"] and facts["kind"] != "EmptySelection"
            )
            if is_blunder or is_lost:
                wrong.append((model, action, repr(given)[:500], f"{type(error).__name__}: {error}"[:300]))
        except Exception as error:
            wrong.append((model, action, repr(given)[:500], f"{type(error).__name__}: {error}"[:300]))
    assert wrong == [], "\n".join(map(str, wrong))
