"""The responses for errors of the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.main import create_app
from app.tenancy.access import TenantAccess
from prisma import Prisma
from prisma.errors import TransactionError, data_error
from tests.conftest import Enrol, serving, settings_for

ERRORS = {
    "P1001": data_error("P1001", "Can't reach database server", {}),
    "P2024": data_error("P2024", "Timed out fetching a connection", {}),
    "P2034": data_error("P2034", "Transaction failed due to a write conflict", {}),
    "P2021": data_error("P2021", "The table does not exist", {"table": "users"}),
    "P2003": data_error("P2003", "Foreign key constraint violated", {}),
    "P2028": TransactionError("Unable to start a transaction in the given time."),
    "P2039": data_error("P2039", "Database error. Code: `XX000`. Message: `secret`", {"code": "XX000"}),
    "other": RuntimeError("secret"),
}


@pytest.fixture
async def http(migrated: str, enrol: Enrol) -> AsyncGenerator[AsyncClient]:
    async with serving(failing(migrated)) as client:
        client.headers.update((await enrol("ada")).headers)
        yield client


@cache
def failing(url: str) -> FastAPI:
    """The application with routes that raise what they are told to, or forget to ask whose rows they write.

    It is kept, as the tests' `application` is.
    """
    app = create_app(settings_for(url, Path(__file__).parent))

    @app.get("/raise/{name}")
    async def fail(name: str) -> Any:
        raise ERRORS[name]

    @app.post("/careless/{owner}")
    async def write(access: TenantAccess, owner: str) -> Any:
        return await access.run(lambda tx: tx.project.create(data={"name": "P", "userId": owner}))

    @app.delete("/careless")
    async def delete(access: TenantAccess) -> Any:
        return await access.run(lambda tx: tx.credit.delete_many())

    return app


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("P1001", 503, "database_unavailable"),
        ("P2024", 503, "database_unavailable"),
        ("P2034", 503, "database_unavailable"),
        ("P2028", 503, "database_busy"),
        ("P2021", 503, "database_not_migrated"),
        ("P2003", 409, "related_record"),
        ("P2039", 500, "internal_error"),
        ("other", 500, "internal_error"),
    ],
)
async def test_what_is_told(http: AsyncClient, name: str, status: int, code: str):
    answer = await http.get(f"/raise/{name}")
    assert (answer.status_code, answer.json()["code"], "secret" in answer.text) == (status, code, False)
    assert ("retry-after" in answer.headers) == (code in ("database_unavailable", "database_busy"))


async def test_what_the_database_guards_is_a_refusal(http: AsyncClient, enrol: Enrol, db: Prisma):
    await enrol("eve")
    answers = [await http.post("/careless/ada"), await http.post("/careless/eve"), await http.delete("/careless")]
    assert [answer.status_code for answer in answers] == [200, 403, 403]
    assert [answer.json()["code"] for answer in answers[1:]] == ["forbidden"] * 2
    assert [project.userId for project in await db.project.find_many()] == ["ada"]
