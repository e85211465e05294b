"""Arguments that are malicious or too large are refused with an error that names their place."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import pytest

from prisma import Base64, Json, JsonNull
from prisma.errors import DataError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

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

# The call, the code, the path, the kind.
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
            lambda db, value=value: db.user.count(where={"data": {"gt": value}}),
            "P2009",
            "where.data.gt",
            "InvalidArgumentType",
        )
        for value in (None, True, [1], {"a": 1}, Json([1]), Json(None), JsonNull)
    ),
    *(
        (
            f"counts by {value!r}",
            lambda db, value=value: db.user.find_first(select={"name": True, "_count": value}),
            "P2009",
            "select._count",
            "InvalidArgumentType",
        )
        for value in ({}, {"set": None}, {"select": None}, [])
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
    ("call", "code", "path", "kind"),
    [
        pytest.param(*row, id=name, marks=[pytest.mark.needs("json_order")] if name.startswith("json gt") else [])
        for name, *row in REFUSED
    ],
)
async def test_refused_arguments(
    db: Any, call: Callable[[Any], Awaitable[Any]], code: str, path: str, kind: str
) -> None:
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        await call(db)
    assert (caught.value.code, caught.value.meta["path"], caught.value.meta["kind"]) == (code, path, kind)
    # The compiler would take many times longer if the call reached it.
    assert time.monotonic() - start < 5


ZERO_BYTE = pytest.mark.needs("server")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("secret\x00b", marks=ZERO_BYTE),
        pytest.param("\x00", marks=ZERO_BYTE),
        "\ud800",
        "secret\ud800",
    ],
)
async def test_texts_that_no_column_can_hold(db: Any, text: str) -> None:
    codes: list[str | None] = []
    texts = ""
    for call in (
        lambda: db.user.create({"name": text}),
        lambda: db.user.find_first(where={"name": text}),
        lambda: db.user.find_many(where={"name": {"in": ["a", text]}}),
        lambda: db.user.update_many(where={}, data={"name": text}),
    ):
        with pytest.raises(DataError) as caught:
            await call()
        codes.append(caught.value.code)
        texts += str(caught.value)
    assert codes == ["P2007"] * 4
    assert "secret" not in texts


@pytest.mark.needs("server")
async def test_raw_sql_does_not_repeat_a_text_that_no_column_can_hold(db: Any) -> None:
    with pytest.raises(DataError) as caught:
        await db.query_raw("SELECT $1::text AS x", "secret\ud800")
    assert "secret" not in str(caught.value)


@pytest.fixture
def usual_stack() -> Generator[None]:
    """Python's own limit: some libraries raise it for the whole process."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.needs("server")
@pytest.mark.usefixtures("usual_stack")
async def test_json_too_deep_for_python(db: Any, ada: Any) -> None:
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
    # From Python 3.12 on, the JSON parser has a separate limit, which is higher.
    assert found <= {"P2023", "read"} if sys.version_info >= (3, 12) else found == {"P2023"}
