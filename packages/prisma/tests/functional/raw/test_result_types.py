"""What raw SQL returns for each PostgreSQL type, as the table in docs/reference/raw.md says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.schema("types")

PAGE = Path(__file__).resolve().parents[5] / "docs" / "reference" / "raw.md"
ROW = re.compile(r"\| (.+?) \| .+? \| `(.+)` \| `(.+)` \|")
TABLE = [match.groups() for line in PAGE.read_text(encoding="utf-8").splitlines() if (match := ROW.fullmatch(line))]

# Types that the table covers by a group.
OTHERS = [
    "'(1,2),(0,0)'::box", "'((0,0),(1,1))'::path", "'((0,0),(1,1))'::polygon", "'<(1,2),3>'::circle", "'{1,2,3}'::line",
    "'[(1,2),(3,4)]'::lseg", "'[2020-01-01,)'::daterange", "'[1.50,2)'::numrange", "'1 2'::int2vector",
    "'1 2'::oidvector", "'(0,1)'::tid", "'10:20:10,14,15'::pg_snapshot", "'10:20:10'::txid_snapshot",
    "'08:00:2b:01:02:03:04:05'::macaddr8", "'a & b'::tsquery", "'-1 mon -3 days'::interval", "'1 mon'::interval month",
    "'::ffff:1.2.3.4'::inet", "'10.0.0.0/8'::cidr", "'24:00:00-15:59'::timetz", "'$.a'::jsonpath",
    "ROW('a,b', '1 mon'::interval)", "'[\"2020-01-01 00:00:00\",)'::tsrange", "ROW(1, 2)::pair", "'[1,2]'::steps",
    "(SELECT t FROM pg_am AS t WHERE amname = 'heap')",
]  # fmt: skip


@pytest.mark.parametrize(("types", "sql", "expected"), TABLE, ids=[types for types, _, _ in TABLE])
async def test_results(db: Any, types: str, sql: str, expected: str) -> None:
    value = ast.literal_eval(expected)
    # Arrays of arrays would be arrays of two dimensions.
    arrays = [] if types == "arrays" else [f"ARRAY[{sql}, NULL]"]
    found = [await db.query_first(f"SELECT {each} AS value") for each in (sql, *arrays)]
    assert [row["value"] for row in found] == [value, *[[value, None] for _ in arrays]]


def test_the_table_is_found() -> None:
    assert len(TABLE) > 25


async def test_other_types_are_the_servers_text(db: Any, sql: Any) -> None:
    sql.execute("CREATE TYPE pair AS (a int, b int); CREATE TYPE steps AS RANGE (subtype = int4)")
    try:
        found = [
            await db.query_first(f"SELECT {each} AS one, ARRAY[{each}] AS many") for each in OTHERS if "[]" not in each
        ]
        texts = [sql.execute(f"SELECT format('%s', {each})").fetchone()[0] for each in OTHERS if "[]" not in each]
    finally:
        sql.execute("DROP TYPE pair; DROP TYPE steps")
    assert [(row["one"], row["many"]) for row in found] == [(text, [text]) for text in texts]


async def test_void_is_an_empty_text(db: Any) -> None:
    """PostgreSQL has no arrays of void."""
    row = await db.query_first("SELECT pg_advisory_xact_lock(1), pg_sleep($1) AS slept", 0)
    assert row == {"pg_advisory_xact_lock": "", "slept": ""}
