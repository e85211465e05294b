"""Raw SQL that is refused: every driver gives the same code, and the connection stays usable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prisma.errors import DataError, RawQueryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prisma import Prisma

pytestmark = pytest.mark.portable

REFUSED: list[tuple[str, list[Any], str]] = [
    ("SELECT $1::int AS a, $2::int AS b", [1], "08P01"),
    ("SELECT $1::int", [1, 2], "08P01"),
    ("SELECT 1", [5], "08P01"),
    ("-- nothing", [1], "08P01"),
    ("SELECT $1::int", ["abc"], "22P02"),
    ("SELECT $1::uuid", ["x"], "22P02"),
    ("SELECT $1::inet", ["x"], "22P02"),
    ("SELECT $1::bool", ["maybe"], "22P02"),
    ("SELECT $1::jsonb", ["{"], "22P02"),
    ("SELECT $1::numeric", ["x"], "22P02"),
    ("SELECT $1::int[]", [5], "22P02"),
    ("SELECT $1", [["a"]], "22P02"),
    ("SELECT $1::int2", [40000], "22003"),
    ("SELECT $1::int", [2**70], "22003"),
    ("SELECT $1::text", ["a\0b"], "22021"),
    ("SELECT $1::text", ["\ud800"], "22021"),
    ("SELECT 1\0", [], "22021"),
    ("SELECT '\ud800'", [], "22021"),
    ("COPY users FROM STDIN", [], "0A000"),
    ("COPY (SELECT 1) TO STDOUT", [], "0A000"),
    ("SELECT 1; COPY users FROM STDIN; SELECT 2", [], "0A000"),
]


async def refusal(call: Callable[..., Any], sql: str, values: list[Any]) -> str:
    with pytest.raises(RawQueryError) as caught:
        await call(sql, *values)
    assert (caught.value.code, f"Code: `{caught.value.meta['code']}`" in str(caught.value)) == ("P2010", True)
    return caught.value.meta["code"]


@pytest.mark.needs("server")
@pytest.mark.parametrize("name", ["query_raw", "execute_raw"])
async def test_refused(make_client: Callable[..., Prisma], url: str, name: str) -> None:
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as db:
        codes = [await refusal(getattr(db, name), sql, values) for sql, values, _ in REFUSED for _ in range(2)]
        after = await db.query_raw("SELECT 1 AS one")
    expected = [code for _, _, code in REFUSED for _ in range(2)]
    assert (codes, after) == (expected, [{"one": 1}])


@pytest.mark.needs("server")
async def test_copy_in_a_transaction(db: Prisma) -> None:
    async with db.tx() as tx:
        code = await refusal(tx.execute_raw, "COPY users FROM STDIN", [])
        after = await tx.query_raw("SELECT 1 AS one")
    assert (code, after) == ("0A000", [{"one": 1}])


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("typed_columns")
async def test_a_result_that_python_can_not_hold(db: Prisma) -> None:
    with pytest.raises(DataError) as caught:
        await db.query_raw("SELECT '10000-01-01'::date AS late")
    assert (caught.value.code, caught.value.meta["column"]) == ("P2023", "late")
    assert await db.query_raw("SELECT '24:00'::time AS late") == [{"late": "24:00:00"}]


@pytest.mark.parametrize("text", ["", ";", " ; ;", "-- a comment", "/* a comment */ ;"])
async def test_a_text_without_a_statement(db: Prisma, text: Any) -> None:
    assert (await db.execute_raw(text), await db.query_raw(text), await db.query_first(text)) == (0, [], None)
