"""Raw SQL against the service's tables: values, models and SQL fragments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from prisma import Base64, Json, join, raw, sql
from prisma.enums import CreditType
from prisma.errors import RawQueryError

if TYPE_CHECKING:
    from prisma import Prisma

pytestmark = pytest.mark.portable

NOON = datetime(2026, 5, 6, 12, 0, 0, 123456, UTC)

RESULTS: list[tuple[str, Any]] = [
    ("1::int2", 1),
    ("1::int8", 1),
    ("1.5::numeric", 1.5),
    ("1.5::float8", 1.5),
    ("true", True),
    ("'x'::text", "x"),
    ("'x'::name", "x"),
    ("ARRAY['x']::name[]", ["x"]),
    ("ARRAY[1, NULL]", [1, None]),
    ("ARRAY[1.5]::numeric[]", [1.5]),
    ("'2026-05-06 12:00:00.123'::timestamp", "2026-05-06T12:00:00.123+00:00"),
    ("'2026-05-06 12:00:00+00'::timestamptz", "2026-05-06T12:00:00+00:00"),
    ("'2026-05-06'::date", "2026-05-06"),
    ("'12:30:00'::time", "12:30:00"),
    ("'\\x0102'::bytea", "AQI="),
    ("'{\"a\": [1]}'::jsonb", {"a": [1]}),
    ("'00000000-0000-0000-0000-000000000001'::uuid", "00000000-0000-0000-0000-000000000001"),
    ("'127.0.0.1'::inet", "127.0.0.1"),
    ("NULL::int", None),
    ("'ADMIN'::\"Role\"", "ADMIN"),
]


@pytest.mark.needs("server")
@pytest.mark.parametrize(("expression", "expected"), RESULTS, ids=[case[0] for case in RESULTS])
async def test_results(db: Prisma, expression: Any, expected: Any) -> None:
    query: Any = f"SELECT {expression} AS value"
    assert await db.query_raw(query) == [{"value": expected}]


PARAMETERS: list[tuple[str, Any, Any]] = [
    ("$1::int", 5, 5),
    ("$1::bigint", 2**40, 2**40),
    ("$1::text", "x", "x"),
    ("$1::numeric", Decimal("1.25"), 1.25),
    ("$1::jsonb", Json({"a": 1}), {"a": 1}),
    ("$1::jsonb", '{"a": 1}', {"a": 1}),
    ("$1::bytea", Base64.encode(b"\x01"), "AQ=="),
    ("$1::timestamptz", NOON, "2026-05-06T12:00:00.123+00:00"),
    ("$1::timestamptz", "2026-05-06T12:00:00Z", "2026-05-06T12:00:00+00:00"),
    ("$1::timestamp", NOON.replace(tzinfo=None), "2026-05-06T12:00:00.123+00:00"),
    ("$1::date", date(2026, 5, 6), "2026-05-06"),
    ("$1::uuid", UUID(int=1), str(UUID(int=1))),
    ("$1::int[]", [1, 2], [1, 2]),
    ("$1::text[]", ["a"], ["a"]),
    ("$1::text", None, None),
]


@pytest.mark.needs("server")
@pytest.mark.parametrize(("expression", "value", "expected"), PARAMETERS, ids=[f"{c[0]} {c[1]!r}" for c in PARAMETERS])
async def test_parameters(db: Prisma, expression: Any, value: Any, expected: Any) -> None:
    query: Any = f"SELECT {expression} AS value"
    assert await db.query_raw(query, value) == [{"value": expected}]


@pytest.mark.needs("standard_quotes")
@pytest.mark.needs("typed_columns")
async def test_models(db: Prisma) -> None:
    class Total(BaseModel):
        role: str
        total: Decimal

    await db.user.create({"id": "ada", "email": "ada@example.com"})
    await db.credit.create({"userId": "ada", "amount": Decimal(5), "type": CreditType.BONUS})
    await db.project.create({"name": "one", "userId": "ada", "settings": Json("text")})
    totals = await db.query_raw(
        'SELECT u.role::text, sum(c.amount) AS total FROM users u JOIN credits c ON c."userId" = u.id GROUP BY 1',
        model=Total,
    )
    users = await db.user.query_raw("SELECT * FROM users WHERE id = $1", "ada")
    project = await db.project.query_first("SELECT * FROM projects")
    assert project is not None
    assert (totals, users, project.settings, await db.user.query_first("SELECT * FROM users WHERE false")) == (
        [Total(role="USER", total=Decimal("5.00"))],
        [await db.user.find_unique_or_raise({"id": "ada"})],
        "text",
        None,
    )


@pytest.mark.needs("server")
async def test_execute(db: Prisma) -> None:
    await db.user.create_many([{"email": "a"}, {"email": "b"}])
    assert [
        await db.execute_raw("UPDATE users SET name = $1", "x"),
        await db.execute_raw("DELETE FROM users WHERE email = $1", "a"),
        await db.execute_raw("SET LOCAL work_mem = '1MB'"),
        await db.query_first("SELECT to_regclass($1)::text AS name", "users"),
        await db.query_raw("SELECT email FROM users FOR UPDATE SKIP LOCKED"),
    ] == [2, 1, 0, {"name": "users"}, [{"email": "b"}]]


@pytest.mark.needs("server")
async def test_refused(db: Prisma) -> None:
    with pytest.raises(RawQueryError) as caught:
        await db.query_raw("SELECT nothing FROM nowhere")
    assert (caught.value.code, caught.value.meta, str(caught.value)) == (
        "P2010",
        {"code": "42P01", "message": 'relation "nowhere" does not exist'},
        'Raw query failed. Code: `42P01`. Message: `relation "nowhere" does not exist`',
    )


async def test_sql_fragments(db: Prisma) -> None:
    await db.user.create_many([{"email": name} for name in ("a", "b", "'; DROP TABLE users; --")])
    names = ["a", "'; DROP TABLE users; --"]
    among = sql("email IN ({})", join(names))
    rows = await db.query_raw(sql("SELECT email FROM users WHERE {} ORDER BY {}", among, raw("length(email)")))
    first = await db.query_first(sql("SELECT email FROM users WHERE {} AND {}", among, sql("length(email) < {}", 2)))
    users = await db.user.query_raw(sql("SELECT * FROM users WHERE {}", among))
    changed = await db.execute_raw(sql("UPDATE users SET name = {} WHERE {}", "Ada", among))
    async with db.batch_() as batch:
        batch.execute_raw(sql("DELETE FROM users WHERE email = {}", "b"))
    assert ([row["email"] for row in rows], first, {user.email for user in users}, changed, await db.user.count()) == (
        ["a", "'; DROP TABLE users; --"],
        {"email": "a"},
        set(names),
        2,
        2,
    )
