"""Two tenants on every route: neither sees or changes the other's rows.

Routes come from the OpenAPI document, so a new one is asked as soon as it exists. Everything is asked of the service as
it is; of one whose queries have lost their conditions for the tenant (`forgetful`); of one whose database does not
isolate; and by the record's owner, for whom the same request must succeed: one that nobody may make would show nothing.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Container
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from app.database.isolation import Isolation
from prisma import Extension, Prisma
from prisma.enums import Role
from tests.conftest import Enrol, application
from tests.tenancy.operations import DOCUMENT, OPERATIONS, TENANT_OPERATIONS, Operation
from tests.tenancy.test_access import TABLES, rows

pytestmark = pytest.mark.long

MARK = "EVES"  # in every text of Eve's
PUBLIC = {("GET", "/api/health"), ("GET", "/api/stats")}


def _forgetful() -> Extension:
    """Return an extension that makes every query forget whose rows it is about."""
    extension = Extension("forgetful")

    def without_tenant(where: Any, model: str | None) -> Any:
        if isinstance(where, list):
            return [without_tenant(item, model) for item in where]
        if not isinstance(where, dict):
            return where
        forgotten = {"userId", "user", "id"} if model == "User" else {"userId", "user", "billingInfo"}
        return {name: without_tenant(value, model) for name, value in where.items() if name not in forgotten}

    @extension.query()
    async def forget(operation: Any, proceed: Any) -> Any:
        arguments = dict(operation.arguments)
        if operation.model is None:
            arguments["query"] = re.sub(r'AND "userId" = (\$\d+)', r"AND \1::text IS NOT NULL", arguments["query"])
        elif "where" in arguments and operation.name != "find_unique":
            arguments["where"] = without_tenant(arguments["where"], operation.model)
        return await proceed(arguments)

    return extension


@asynccontextmanager
async def serving(url: str, *, forgetful: bool, **state: Any) -> AsyncGenerator[AsyncClient]:
    app = application(url)
    async with app.router.lifespan_context(app) as found:
        assert found is not None
        db: Prisma = found["db"]
        shared = {**found, "db": db.extends(_forgetful()) if forgetful else db, **state}

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(shared)}, receive, send)

        async with AsyncClient(transport=ASGITransport(with_state), base_url="http://service") as client:
            yield client


@pytest.fixture
async def people(db: Prisma, enrol: Enrol) -> dict[str, dict[str, str]]:
    """Ada, Eve and an ADMIN, each with a row in every table, under their own id; returns headers by id."""
    headers: dict[str, dict[str, str]] = {}
    for name, role in (("ada", Role.USER), ("eve", Role.USER), ("root", Role.ADMIN)):
        headers[name] = (await enrol(name, role=role)).headers
        await db.user.update(where={"id": name}, data={"name": mark(name)})
        for table, row in rows(name, name).items():
            if table != "user":
                await getattr(db, table).create(data={**row, **_marked(table, name)})
    await db.ratelimit.create(
        data={"id": "eve", "identifier": "user:eve", "endpoint": "api", "resetAt": rows("", "")["session"]["expires"]}
    )
    await db.verificationtoken.create(
        data={"identifier": "mallory@example.com", "token": "mallory", "expires": rows("", "")["session"]["expires"]}
    )
    await db.query_raw("UPDATE verification_tokens SET expires = '2099-01-01' RETURNING 1")
    return headers


def mark(name: str) -> str:
    return MARK if name == "eve" else "theirs"


def _marked(table: str, name: str) -> dict[str, Any]:
    texts = {
        "account": "scope", "apikey": "name", "usagemetric": "endpoint", "billinginfo": "city", "credit": "description",
        "project": "name", "subscription": "stripeCustomerId", "invoice": "pdfUrl", "session": "sessionToken",
    }  # fmt: skip
    return {texts[table]: mark(name) + (name if table in ("session",) else "")}


async def snapshot(db: Prisma, name: str) -> dict[str, list[Any]]:
    """Return all rows of a user, from every table, but for when their keys were used."""
    conditions: dict[str, Any] = {"user": {"id": name}, "invoice": {"billingInfoId": name}}
    found = {
        table: await getattr(db, table).find_many(where=conditions.get(table, {"userId": name}), order={"id": "asc"})
        for table in TABLES
    }
    found["apikey"] = [key.model_copy(update={"lastUsedAt": None}) for key in found["apikey"]]
    return found


OFF = {"isolation": Isolation(on=False)}


@pytest.mark.parametrize(
    ("forgetful", "state"),
    [(False, {}), (True, {}), (False, OFF)],
    ids=["as it is", "forgetful", "by its own conditions alone"],
)
async def test_nothing_of_others(
    either: str, db: Prisma, people: dict[str, dict[str, str]], forgetful: bool, state: dict[str, Any]
):
    before = await snapshot(db, "eve")
    found: list[str] = []
    async with serving(either, forgetful=forgetful, **state) as http:
        for operation in TENANT_OPERATIONS:
            found += [f"{operation}: {problem}" for problem in await intrude(http, operation, people["ada"])]
            if await snapshot(db, "eve") != before:
                found.append(f"{operation}: changed something")
                break
    assert found == []


async def intrude(http: AsyncClient, operation: Operation, headers: dict[str, str]) -> list[str]:
    """Ask for Eve's record in every way that an operation has; return what is wrong with the answers."""
    plain = operation.request("eve")
    requests: list[tuple[dict[str, Any], Container[int]]] = [
        (plain, (404, 403) if operation.parameters_in_path else range(200, 500))
    ]
    if operation.takes_user:
        requests.append(({**plain, "params": {**plain["params"], "userId": "eve"}}, (403,)))
    wrong: list[str] = []
    for request, expected in requests:
        answer = await http.request(**request, headers=headers)
        if answer.status_code not in expected:
            wrong.append(f"answered {answer.status_code}")
        if MARK in answer.text:
            wrong.append(f"showed {answer.text}")
    return wrong


@pytest.mark.parametrize("operation", TENANT_OPERATIONS, ids=str)
async def test_the_same_request_of_its_owner(migrated: str, people: dict[str, Any], operation: Operation):
    """It is a good one: who owns the record, or else an ADMIN, succeeds with it."""
    async with serving(migrated, forgetful=False) as http:
        mine = await http.request(**operation.request("eve"), headers=people["eve"])
        answer = mine
        if mine.status_code == 403:
            assert mine.json()["code"] == "admin_required"
            request = operation.request("eve")
            if operation.takes_user:
                request["params"] = {**request["params"], "userId": "eve"}
            answer = await http.request(**request, headers=people["root"])
        elif operation.method == "GET":
            assert MARK in mine.text or "example" in mine.text or '"eve"' in mine.text or "balance" in mine.text
    assert answer.status_code < 300, answer.text


@pytest.mark.parametrize("operation", [o for o in TENANT_OPERATIONS if o.takes_user], ids=str)
async def test_an_admin_acts_for_others(migrated: str, people: dict[str, Any], operation: Operation):
    """They get what that user would get, and nothing of their own."""
    async with serving(migrated, forgetful=True) as http:
        request = operation.request("eve")
        request["params"] = {**request["params"], "userId": "eve"}
        answer = await http.request(**request, headers=people["root"])
    assert answer.status_code < 300, answer.text
    assert "theirs" not in answer.text


async def test_nobody_gets_in_without_a_key(migrated: str):
    async with serving(migrated, forgetful=False) as http:
        answers = [await http.request(**operation.request("eve")) for operation in TENANT_OPERATIONS]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unauthorized")}


async def test_without_the_database_the_forgotten_conditions_would_show(migrated: str, people: dict[str, Any]):
    """What is above can fail: the same service with isolation off shows the rows of others."""
    async with serving(migrated, forgetful=True, **OFF) as http:
        listed = await http.get("/api/v1/projects", headers=people["ada"])
        one = await http.get("/api/v1/projects/eve", headers=people["ada"])
    assert (MARK in listed.text, MARK in one.text) == (True, True)


def test_only_these_are_public():
    assert {(o.method, o.path) for o in OPERATIONS if "security" not in o.description} == PUBLIC


def test_every_answer_is_declared():
    """Every operation that asks who calls says so, and says what it answers to a bad request or a busy database."""
    for operation in TENANT_OPERATIONS:
        declared = set(operation.description["responses"])
        assert {"401", "403", "422", "503"} <= declared, str(operation)
        assert "404" in declared or not operation.parameters_in_path, str(operation)
    assert "Problem" in DOCUMENT["components"]["schemas"]
