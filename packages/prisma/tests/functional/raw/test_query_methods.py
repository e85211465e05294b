"""`query_raw`, `query_first` and `execute_raw`: results, models and parameters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from prisma import Base64, Json

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]

EVERYTHING = """
SELECT 1 AS int, 2::bigint AS big, 1.5::numeric AS price, true AS yes, 'a' AS text, '2026-01-02'::date AS day,
  '2026-01-02 03:04:05.678+00'::timestamptz AS at, '{"a": [1]}'::jsonb AS data, '\\x6869'::bytea AS raw, NULL AS nothing
"""


class Row(BaseModel):
    int: int
    price: Decimal
    at: datetime
    raw: Base64


@pytest.mark.needs("server")
async def test_query_raw(db: Any) -> None:
    assert await db.query_raw("SELECT $1::int AS a, $2 AS b", 1, "x") == [{"a": 1, "b": "x"}]
    (row,) = await db.query_raw(EVERYTHING, model=Row)
    assert row == Row(
        int=1, price=Decimal("1.5"), at=datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), raw=Base64.encode(b"hi")
    )


@pytest.mark.needs("server")
async def test_query_first(db: Any) -> None:
    assert await db.query_first("SELECT * FROM generate_series(1, 3) AS n") == {"n": 1}
    assert await db.query_first("SELECT 1 WHERE false") is None
    assert (await db.query_first(EVERYTHING, model=Row)).int == 1


@pytest.mark.needs("standard_quotes")
async def test_execute_raw(db: Any) -> None:
    assert await db.execute_raw('INSERT INTO "User" ("name") VALUES ($1), ($2)', "a", "b") == 2


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("typed_columns")
async def test_result_types(db: Any) -> None:
    assert await db.query_raw(EVERYTHING) == [
        {
            "int": 1,
            "big": 2,
            "price": 1.5,
            "yes": True,
            "text": "a",
            "day": "2026-01-02",
            "at": "2026-01-02T03:04:05.678+00:00",
            "data": {"a": [1]},
            "raw": "aGk=",
            "nothing": None,
        }
    ]


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("typed_columns")
async def test_parameters(db: Any, package: Any) -> None:
    values = (datetime(2026, 1, 2, 3, 4, 5, 678901), Decimal("1.5"), Json({"a": 1}), Base64.encode(b"hi"))
    sql = "SELECT $1::timestamptz AS at, $2::numeric AS price, $3::jsonb AS data, $4::bytea AS raw"
    assert await db.query_raw(sql, *values) == [
        {"at": "2026-01-02T03:04:05.678+00:00", "price": 1.5, "data": {"a": 1}, "raw": "aGk="}
    ]
    # 0.15.0 refused these.
    more = await db.query_raw(
        "SELECT $1::date AS d, $2::uuid AS u, $3::bytea AS b", date(2026, 1, 2), UUID(int=1), b"hi"
    )
    assert more == [{"d": "2026-01-02", "u": str(UUID(int=1)), "b": "aGk="}]
    with pytest.raises(TypeError):
        await db.query_raw("SELECT $1", object())
