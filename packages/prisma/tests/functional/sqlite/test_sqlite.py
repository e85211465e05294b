"""The client on SQLite: what programs see, and what the file holds."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from prisma import Base64, Json
from prisma.errors import (
    DataError,
    ForeignKeyViolationError,
    PrismaError,
    RecordNotFoundError,
    UniqueViolationError,
)

THEN = datetime(2024, 2, 3, 4, 5, 6, 789_000, UTC)

FULL: dict[str, Any] = {
    "email": "ada@example.org",
    "name": "Ada",
    "score": -5,
    "big": 2**62,
    "price": Decimal("10.25"),
    "ratio": 2.0,
    "active": False,
    "role": "ADMIN",
    "data": Json({"a": [1, None, "é"]}),
    "raw": Base64.encode(b"\0\xff"),
    "born": THEN,
}


async def test_values_come_back_as_they_went(db: Any, stored: Callable[[str], Any]) -> None:
    made = await db.user.create(FULL)
    found = await db.user.find_unique({"id": made.id})
    kept = stored("SELECT score, big, price, ratio, active, role, data, raw, born FROM User")
    facts = {**FULL, "data": {"a": [1, None, "é"]}}
    assert (
        made == found,
        {name: getattr(found, name) for name in facts},
        kept,
    ) == (
        True,
        facts,
        [(-5, 2**62, 10.25, 2.0, 0, "admin", '{"a":[1,null,"é"]}', b"\0\xff", 1706933106789)],
    )


async def test_moments_are_read_in_every_form(db: Any, stored: Callable[[str], Any]) -> None:
    forms = [
        ("1706933106789", THEN),
        ("'2024-02-03T04:05:06.789+00:00'", THEN),
        ("'2024-02-03T04:05:06.789Z'", THEN),
        ("'2024-02-03T06:05:06.789+02:00'", THEN),
        ("'2024-02-03 04:05:06'", THEN.replace(microsecond=0)),
        ("-1", datetime(1969, 12, 31, 23, 59, 59, 999_000, UTC)),
        ("253402300799999", datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC)),
    ]
    for number, (form, _) in enumerate(forms):
        stored(f"INSERT INTO User (email, born, changed) VALUES ('{number}', {form}, 0)")
    # One record alone takes another way than several.
    alone = [(await db.user.find_unique({"email": str(number)})).born for number in range(len(forms))]
    together = [user.born for user in await db.user.find_many(order={"id": "asc"})]
    assert (alone, together) == ([moment for _, moment in forms],) * 2


async def test_moments_as_text(make_client: Callable[..., Any], stored: Callable[[str], Any]) -> None:
    async with make_client("?timestamp_format=iso8601") as db:
        await db.user.create({"email": "a", "born": THEN})
        found = await db.user.find_many(where={"born": {"lte": THEN}})
    assert ([user.born for user in found], stored("SELECT born FROM User")) == (
        [THEN],
        [("2024-02-03T04:05:06.789+00:00",)],
    )


@pytest.fixture
async def people(db: Any) -> None:
    """Five users with scores 1 to 5, each with a post."""
    for score, name in enumerate("abcde", 1):
        post = {"title": f"of {name}", "tags": {"create": [{"name": f"t{score}"}]}}
        await db.user.create(
            {
                "email": f"{name}@example.org",
                "name": name.upper(),
                "score": score,
                "active": score % 2 == 1,
                "price": score / 4,
                "posts": {"create": [post]},
            }
        )


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({"score": {"in": [1, 3]}}, "ac"),
    ({"score": {"in": []}}, ""),
    ({"score": {"not_in": []}}, "abcde"),
    ({"score": {"not_in": [1, 2, 3]}}, "de"),
    ({"NOT": [{"score": {"in": []}}]}, "abcde"),
    ({"email": {"contains": "EXAMPLE"}}, "abcde"),
    ({"email": {"startswith": "b"}}, "b"),
    ({"name": "a"}, ""),
    ({"active": True}, "ace"),
    ({"active": {"not": True}}, "bd"),
    ({"score": {"gte": 2, "lt": 4}}, "bc"),
    ({"price": {"gt": Decimal("1")}}, "e"),
    ({"OR": [{"score": 1}, {"posts": {"some": {"title": "of e"}}}]}, "ae"),
    ({"posts": {"every": {"title": {"endswith": "c"}}}}, "c"),
    ({"posts": {"some": {"tags": {"some": {"name": "t2"}}}}}, "b"),
    ({"profile": None}, "abcde"),
]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("where", "names"), FILTERS)
async def test_filters(db: Any, where: dict[str, Any], names: str) -> None:
    found = await db.user.find_many(where=where, order={"score": "asc"})
    assert "".join(user.email[0] for user in found) == names


@pytest.mark.usefixtures("people")
async def test_pages(db: Any) -> None:
    pages = [
        await db.user.find_many(order={"score": "asc"}, **page)
        for page in (
            {"take": 2},
            {"skip": 3},
            {"take": -2},
            {"take": 2, "skip": 1, "cursor": {"email": "b@example.org"}},
            {"take": 0},
        )
    ]
    assert ["".join(user.email[0] for user in page) for page in pages] == ["ab", "de", "de", "cd", ""]


@pytest.mark.usefixtures("people")
async def test_nulls_are_the_least(db: Any) -> None:
    await db.user.create({"email": "z"})
    orders: list[Any] = ["asc", "desc", {"sort": "asc", "nulls": "last"}, {"sort": "desc", "nulls": "first"}]
    found = [[user.email[0] for user in await db.user.find_many(order={"name": order})] for order in orders]
    assert ["".join(emails) for emails in found] == ["zabcde", "edcbaz", "abcdez", "zedcba"]


@pytest.mark.usefixtures("people")
async def test_related_records(db: Any) -> None:
    found = await db.user.find_first(
        where={"score": 2}, include={"posts": {"include": {"tags": True, "author": True}}, "profile": True}
    )
    post = found.posts[0]
    assert (post.title, [tag.name for tag in post.tags], post.author.id == found.id, found.profile) == (
        "of b",
        ["t2"],
        True,
        None,
    )


@pytest.mark.usefixtures("people")
async def test_aggregates(db: Any) -> None:
    counted = await db.user.count(where={"active": True})
    grouped = await db.user.group_by(["active"], count=True, sum={"score": True}, order={"active": "asc"})
    assert (counted, grouped) == (
        3,
        [
            {"active": False, "_count": {"_all": 2}, "_sum": {"score": 6}},
            {"active": True, "_count": {"_all": 3}, "_sum": {"score": 9}},
        ],
    )


@pytest.mark.usefixtures("people")
async def test_writes(db: Any) -> None:
    updated = await db.user.update(where={"email": "a@example.org"}, data={"score": {"increment": 10}, "big": 7})
    many = await db.user.update_many(where={"score": {"gt": 2}}, data={"name": "x"})
    returned = await db.user.update_many_and_return(where={"name": "x"}, data={"active": True})
    upserted = [
        await db.user.upsert(
            where={"email": "z"}, data={"create": {"email": "z", "score": 1}, "update": {"score": {"increment": 1}}}
        )
        for _ in range(2)
    ]
    removed = await db.user.delete(where={"email": "b@example.org"})
    rest = await db.user.delete_many(where={"name": "x"})
    posts = await db.post.count()
    assert (
        (updated.score, updated.big),
        many,
        len(returned),
        [user.score for user in upserted],
        removed.email,
        rest,
        posts,
    ) == ((11, 7), 4, 4, [1, 2], "b@example.org", 4, 0)


async def test_an_update_does_not_see_its_own_changes(db: Any) -> None:
    users = [await db.user.create({"email": email}) for email in "abc"]
    first = await db.post.create({"title": "old", "authorId": users[0].id})
    for user in users[1:]:
        first = await db.post.create({"title": "old", "authorId": user.id, "parentId": first.id})
    written = await db.post.update_many(where={"NOT": [{"parent": {"is": {"title": "new"}}}]}, data={"title": "new"})
    assert (written, await db.post.count(where={"title": "new"})) == (3, 3)


async def test_many_rows(db: Any) -> None:
    rows = [{"email": str(number), "active": number % 2 == 0} for number in range(3000)]
    written = await db.user.create_many(rows)
    returned = await db.user.create_many_and_return([{"email": "x"}, {"email": "y", "score": 3}])
    listed = await db.user.find_many(where={"id": {"in": list(range(1, 2501))}})
    assert (written, [user.score for user in returned], await db.user.count(where={"active": False}), len(listed)) == (
        3000,
        [0, 3],
        1500,
        2500,
    )


async def test_a_failed_part_of_many_rows_leaves_none(db: Any) -> None:
    rows = [{"email": str(number % 2500)} for number in range(3000)]
    async with db.tx() as tx:
        with pytest.raises(UniqueViolationError):
            await tx.user.create_many(rows)
        await tx.user.create({"email": "kept"})
    assert [user.email for user in await db.user.find_many()] == ["kept"]


@pytest.mark.usefixtures("people")
async def test_streams(db: Any) -> None:
    found = [user.score async for user in db.user.stream(order={"score": "desc"}, batch_size=2)]
    assert found == [5, 4, 3, 2, 1]


async def test_transactions(db: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.tx() as tx:
            await tx.user.create({"email": "gone"})
            raise ZeroDivisionError
    async with db.tx() as tx:
        await tx.user.create({"email": "a"})
        with pytest.raises(ZeroDivisionError):
            async with tx.tx() as inner:
                await inner.user.create({"email": "b"})
                raise ZeroDivisionError
        async with tx.tx() as inner:
            await inner.user.create({"email": "c"})
    batch = db.batch_()
    batch.user.create({"email": "d"})
    batch.user.delete_many({"email": "a"})
    await batch.commit()
    assert [user.email for user in await db.user.find_many(order={"email": "asc"})] == ["c", "d"]


async def test_an_error_leaves_the_transaction_usable(db: Any) -> None:
    async with db.tx() as tx:
        await tx.user.create({"email": "a"})
        with pytest.raises(UniqueViolationError):
            await tx.user.create({"email": "a"})
        await tx.user.create({"email": "b"})
    assert await db.user.count() == 2


async def test_writers_wait_for_each_other(db: Any) -> None:
    await db.user.create({"email": "a"})

    async def count() -> None:
        async with db.tx(max_wait=60_000, timeout=60_000) as tx:
            user = await tx.user.find_unique_or_raise({"email": "a"})
            await tx.user.update(where={"email": "a"}, data={"score": user.score + 1})

    await asyncio.gather(*(count() for _ in range(20)))
    assert (await db.user.find_unique_or_raise({"email": "a"})).score == 20


async def test_raw_sql(db: Any) -> None:
    await db.user.create(FULL)
    changed = await db.execute_raw("UPDATE User SET score = ? WHERE email LIKE ?", 7, "ada%")
    rows = await db.query_raw("SELECT id, score, born, price, raw FROM User WHERE score = ?", 7)
    first = await db.query_first("SELECT email FROM User WHERE id = ?", 9)
    assert (changed, rows, first) == (
        1,
        [{"id": 1, "score": 7, "born": 1706933106789, "price": 10.25, "raw": "AP8="}],
        None,
    )


async def test_what_raw_sql_changes_ends_with_it(db: Any) -> None:
    await db.execute_raw("PRAGMA foreign_keys = OFF")
    with pytest.raises(ForeignKeyViolationError):
        await db.post.create({"title": "t", "authorId": 9})


ERRORS: list[tuple[Callable[[Any], Any], type[PrismaError], str]] = [
    (
        lambda db: db.user.create({"email": "a"}),
        UniqueViolationError,
        "Unique constraint failed on the fields: (`email`)",
    ),
    (
        lambda db: db.post.create_many([{"title": "t", "authorId": 1}, {"title": "t", "authorId": 1}]),
        UniqueViolationError,
        "Unique constraint failed on the fields: (`authorId`,`title`)",
    ),
    (
        lambda db: db.user.update(where={"email": "a"}, data={"big": 2**63}),
        DataError,
        "",
    ),
    (lambda db: db.user.find_unique_or_raise({"id": 9}), RecordNotFoundError, ""),
    (lambda db: db.query_raw("SELECT * FROM missing"), PrismaError, ""),
]


@pytest.mark.parametrize(("work", "kind", "text"), ERRORS)
async def test_errors(db: Any, work: Callable[[Any], Any], kind: type[PrismaError], text: str) -> None:
    await db.user.create({"email": "a"})
    with pytest.raises(kind) as caught:
        await work(db)
    assert text in str(caught.value)


async def test_json_is_compared_as_text(db: Any, stored: Callable[[str], Any]) -> None:
    # As JavaScript's JSON.stringify writes it.
    stored("""INSERT INTO User (email, data, changed) VALUES ('a', '{"k":[1,"é"],"n":null}', 0)""")
    found = await db.user.find_many(where={"data": {"equals": Json({"k": [1, "é"], "n": None})}})
    by_path = await db.user.find_many(where={"data": {"path": "$.k[0]", "equals": Json(1)}})
    stored("""INSERT INTO User (email, data, changed) VALUES ('b', '"text"', 0)""")
    whole = await db.user.find_many(where={"data": {"string_starts_with": "te"}})
    assert (len(found), len(by_path), [user.email for user in whole]) == (1, 1, ["b"])


@pytest.mark.parametrize("value", [Json(math.nan), Json({"k": [math.inf]})])
async def test_what_is_no_json_is_not_stored(db: Any, value: Any) -> None:
    """SQLite would take it, and refuse every later look into the column."""
    await db.user.create({"email": "a", "data": Json({"k": 1})})
    with pytest.raises(DataError):
        await db.user.create({"email": "b", "data": value})
    # Text that is no JSON is a string, here as elsewhere.
    await db.user.create({"email": "c", "data": "NaN"})
    assert await db.user.count(where={"data": {"path": "$.k", "equals": Json(1)}}) == 1


async def test_the_ends_of_arrays_in_json(db: Any) -> None:
    rows = {"a": {"k": [1, "x"]}, "b": {"k": ["x", 1]}, "c": {"k": []}, "d": [1, 2], "e": None}
    await db.user.create_many([{"email": email, "data": Json(data)} for email, data in rows.items()])
    conditions = [
        {"path": "$.k", "array_starts_with": Json(1)},
        {"path": "$.k", "array_ends_with": Json(1)},
        {"path": "$.k", "array_ends_with": Json("x")},
        {"array_starts_with": Json(1)},
        {"array_ends_with": Json(2)},
    ]
    found = [[user.email for user in await db.user.find_many(where={"data": each})] for each in conditions]
    assert found == [["a"], ["b"], ["a"], ["d"], ["d"]]


@pytest.mark.parametrize("level", ["ReadCommitted", "Snapshot"])
async def test_isolation_is_serializable(db: Any, level: str) -> None:
    with pytest.raises(PrismaError):
        async with db.tx(isolation_level=level):
            pass


@pytest.fixture
def missing(path: Path) -> None:
    """The file is gone."""
    path.unlink()


@pytest.mark.usefixtures("missing")
async def test_a_missing_file(make_client: Callable[..., Any], path: Path) -> None:
    with pytest.raises(PrismaError) as caught:
        await make_client().connect()
    assert (getattr(caught.value, "code", None), list(path.parent.iterdir())) == ("P1003", [])


@pytest.mark.parametrize("interface", ["asyncio"], indirect=True)
async def test_a_cancelled_call_ends_its_statement(make_client: Callable[..., Any]) -> None:
    async with make_client("?connection_limit=1") as db:
        endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await db.query_raw(endless)
        assert await db.user.count() == 0


async def test_a_transaction_ends_at_its_timeout(db: Any) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(PrismaError):
        async with db.tx(timeout=100) as tx:
            await tx.user.create({"email": "gone"})
            await tx.query_raw(endless)
    assert await db.user.count() == 0
