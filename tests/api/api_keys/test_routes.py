"""The routes for API keys."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from app.auth.keys import stored
from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Enrol, Tenant

PATH = "/api/v1/api-keys"
SHOWN = {"id", "name", "createdAt", "expiresAt", "lastUsedAt", "isActive", "rateLimit"}


@pytest.fixture(autouse=True)
async def ada(http: AsyncClient, enrol: Enrol) -> Tenant:
    tenant = await enrol("ada")
    http.headers.update(tenant.headers)
    return tenant


async def create(http: AsyncClient, **values: Any) -> dict[str, Any]:
    response = await http.post(PATH, json={"name": "Mine", **values})
    assert (response.status_code, response.headers["cache-control"]) == (201, "no-store"), response.text
    return response.json()


async def works(http: AsyncClient, key: str) -> bool:
    return (await http.get("/api/v1/users/me", headers={"Authorization": f"Bearer {key}"})).status_code == 200


async def test_a_key_is_shown_once_and_works(http: AsyncClient, db: Prisma):
    made = await create(http, expiresAt="2099-01-01T00:00:00+02:00", rateLimit=10)
    listed = (await http.get(PATH)).text
    read = (await http.get(f"{PATH}/{made['id']}")).json()

    assert await works(http, made["key"])
    assert (set(made), set(read), read["expiresAt"]) == (SHOWN | {"key"}, SHOWN, "2098-12-31T22:00:00Z")
    assert (made["key"] in listed, stored(made["key"]) in listed, made["id"] in listed) == (False, False, True)
    row = await db.apikey.find_unique_or_raise(where={"id": made["id"]})
    assert (row.key, row.userId, row.rateLimit) == (stored(made["key"]), "ada", 10)


async def test_rotate(http: AsyncClient):
    old = await create(http, rateLimit=10)
    new = (await http.post(f"{PATH}/{old['id']}/rotate")).json()
    assert {**new, "key": ""} == {**old, "key": ""}
    assert [await works(http, each["key"]) for each in (old, new)] == [False, True]


async def test_switch_off_and_revoke(http: AsyncClient):
    made = await create(http)
    address, found = f"{PATH}/{made['id']}", []
    for change in ({"isActive": False}, {"isActive": True}, {"expiresAt": "2020-01-01T00:00:00Z"}, {"expiresAt": None}):
        changed = await http.patch(address, json=change)
        assert (changed.status_code, set(changed.json())) == (200, SHOWN)
        found.append(await works(http, made["key"]))
    revoked = await http.delete(address)
    assert (found, revoked.status_code) == ([False, True, False, True], 204)
    assert (await works(http, made["key"]), (await http.get(address)).status_code) == (False, 404)


async def test_a_key_may_revoke_itself(http: AsyncClient, db: Prisma):
    id = (await db.apikey.find_first_or_raise()).id
    assert [(await http.delete(f"{PATH}/{id}")).status_code for _ in range(2)] == [204, 401]


@pytest.mark.parametrize(
    ("role", "limit", "status"),
    [
        (Role.USER, 1000, 201),
        (Role.USER, 1001, 403),
        (Role.PREMIUM, 5000, 201),
        (Role.PREMIUM, 5001, 403),
        (Role.ENTERPRISE, 50_000, 201),
        (Role.ADMIN, 1_000_000, 201),
        (Role.ADMIN, 1_000_001, 422),
        (Role.USER, 0, 422),
    ],
)
async def test_limits_by_role(http: AsyncClient, db: Prisma, role: Role, limit: int, status: int):
    await db.user.update(where={"id": "ada"}, data={"role": role})
    answer = await http.post(PATH, json={"name": "k", "rateLimit": limit})
    changed = await http.patch(f"{PATH}/{(await create(http))['id']}", json={"rateLimit": limit})
    assert (answer.status_code, changed.status_code) == (status, 200 if status == 201 else status)
    if status == 403:
        assert answer.json()["code"] == changed.json()["code"] == "rate_limit_too_high"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.name"),
        ({"name": "k", "key": "mine"}, "body.key"),
        ({"name": "k", "expiresAt": "2030-01-01T00:00:00"}, "body.expiresAt"),
        ({"name": "k", "expiresAt": "0001-01-01T00:00:00+14:00"}, "body.expiresAt"),
        ({"name": "k", "expiresAt": "9999-12-31T23:59:59-14:00"}, "body.expiresAt"),
        ({"name": "k", "rateLimit": 2**31}, "body.rateLimit"),
    ],
)
async def test_refused(http: AsyncClient, db: Prisma, body: dict[str, Any], field: str):
    answer = await http.post(PATH, json=body)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])
    assert await db.apikey.count() == 1


async def test_filter_by_activity(http: AsyncClient):
    made = await create(http)
    await http.patch(f"{PATH}/{made['id']}", json={"isActive": False})
    found = [len((await http.get(f"{PATH}?isActive={value}")).json()["items"]) for value in ("true", "false")]
    assert found == [1, 1]


async def test_a_repeated_answer_has_no_key(http: AsyncClient, db: Prisma):
    once = {"Idempotency-Key": "one-key"}
    first, again = [await http.post(PATH, json={"name": "CI"}, headers=once) for _ in range(2)]
    shown_once = "It was shown once, in the first answer to this Idempotency-Key, and is not stored."
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {**first.json(), "key": None, "notice": shown_once}
    kept = await db.query_raw("SELECT k::text AS row FROM service.idempotency_keys k")
    assert [first.json()["key"] in row["row"] for row in kept] == [False]
    (made,) = await db.apikey.find_many(where={"name": "CI"})
    assert made.id == first.json()["id"]


async def test_what_an_admin_restricts_its_owner_can_not_undo(http: AsyncClient, enrol: Enrol):
    root, ada = await enrol("chief", role=Role.ADMIN), await enrol("bea")
    key = (await http.post(PATH, json={"name": "k"}, headers=ada.headers)).json()["id"]

    async def change(who: Tenant, query: str = "", **values: Any) -> tuple[int, Any]:
        answer = await http.patch(f"{PATH}/{key}{query}", json=values, headers=who.headers)
        body = answer.json()
        return answer.status_code, body.get("code") or (body["isActive"], body["rateLimit"])

    assert [
        await change(ada, isActive=False, rateLimit=500),
        await change(ada, isActive=True, rateLimit=1000),
        await change(root, "?userId=bea", isActive=False, rateLimit=1),
        await change(ada, isActive=True),
        await change(ada, rateLimit=2),
        await change(ada, name="Other"),
        await change(root, "?userId=bea", isActive=True),
        await change(ada, rateLimit=2),
        await change(ada, isActive=False),
        await change(ada, isActive=True),
        await change(root, "?userId=bea", rateLimit=600),
        await change(ada, rateLimit=1000),
    ] == [
        (200, (False, 500)),
        (200, (True, 1000)),
        (200, (False, 1)),
        (403, "restricted"),
        (403, "restricted"),
        (200, (False, 1)),
        (200, (True, 1)),
        (403, "restricted"),
        (200, (False, 1)),
        (200, (True, 1)),
        (200, (True, 600)),
        (200, (True, 1000)),
    ]
