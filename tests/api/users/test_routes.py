"""The routes for users."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient, Response

from prisma import Json, Prisma
from prisma.enums import CreditType, Role
from tests.conftest import Enrol

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
ADA = {"email": "ada@example.com", "name": "Ada", "avatar": "https://example.com/ada.png", "role": "ADMIN"}
ROOT = "root"  # who makes the requests, unless a test says otherwise
FIELDS = {"id", "email", "emailVerified", "name", "avatar", "role", "createdAt", "updatedAt"}


@pytest.fixture
async def http(http: AsyncClient, enrol: Enrol) -> AsyncClient:
    """The application, called by an ADMIN."""
    http.headers.update((await enrol(ROOT, role=Role.ADMIN)).headers)
    return http


def body(response: Response, status: int) -> Any:
    assert response.status_code == status, response.text
    return response.json()


def problem(response: Response, status: int) -> tuple[str, list[str]]:
    """Return a problem's code and the fields that it names."""
    found = body(response, status)
    assert response.headers["content-type"] == "application/problem+json"
    assert found["status"] == status
    return found["code"], [error["field"] for error in found.get("errors", [])]


async def create(http: AsyncClient, **values: Any) -> dict[str, Any]:
    return body(await http.post("/api/v1/users", json={"email": "ada@example.com", **values}), 201)


class TestCreate:
    async def test_everything(self, http: AsyncClient):
        response = await http.post("/api/v1/users", json=ADA)

        user = body(response, 201)
        assert response.headers["location"] == f"/api/v1/users/{user['id']}"
        assert re.fullmatch(r"c[a-z0-9]{24}", user.pop("id"))
        assert re.fullmatch(TIME, user.pop("createdAt"))
        assert re.fullmatch(TIME, user.pop("updatedAt"))
        assert user == {**ADA, "emailVerified": None}

    async def test_only_what_is_required(self, http: AsyncClient):
        user = await create(http)
        assert (user["name"], user["avatar"], user["role"]) == (None, None, "USER")

    async def test_text_is_kept_as_it_is(self, http: AsyncClient):
        user = await create(
            http, name="  Zoë 🦊 O'Neil \"); DROP TABLE users;-- ", avatar="https://Example.com/a b?c=%20"
        )
        assert (user["name"], user["avatar"]) == (
            "Zoë 🦊 O'Neil \"); DROP TABLE users;--",
            "https://Example.com/a b?c=%20",
        )

    async def test_a_taken_address(self, http: AsyncClient):
        await create(http)
        assert problem(await http.post("/api/v1/users", json=ADA), 409) == ("already_exists", ["email"])

    @pytest.mark.parametrize(
        ("change", "fields"),
        [
            ({"email": None}, ["body.email"]),
            ({"email": "ada"}, ["body.email"]),
            ({"email": f"{'a' * 250}@example.com"}, ["body.email"]),
            ({"name": ""}, ["body.name"]),
            ({"name": "   "}, ["body.name"]),
            ({"name": "a" * 101}, ["body.name"]),
            ({"name": "a\x01b"}, ["body.name"]),
            ({"name": 5}, ["body.name"]),
            ({"avatar": "ada.png"}, ["body.avatar"]),
            ({"avatar": "javascript:alert(1)"}, ["body.avatar"]),
            ({"avatar": f"https://example.com/{'a' * 2048}"}, ["body.avatar"]),
            ({"role": "ROOT"}, ["body.role"]),
            ({"id": "mine"}, ["body.id"]),
            ({"role": "ROOT", "name": ""}, ["body.name", "body.role"]),
        ],
        ids=lambda value: str(value)[:40],
    )
    async def test_refused(self, http: AsyncClient, db: Prisma, change: dict[str, Any], fields: list[str]):
        response = await http.post("/api/v1/users", json={**ADA, **change})
        assert problem(response, 422) == ("invalid_request", fields)
        assert await db.user.count() == 1

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"email": "\xff"}', b'{"email": "\\ud800@example.com"}'])
    async def test_no_such_json(self, http: AsyncClient, content: bytes):
        response = await http.post("/api/v1/users", content=content, headers={"Content-Type": "application/json"})
        code, _ = problem(response, response.status_code)
        assert (response.status_code, code) in (
            (422, "invalid_request"),
            (400, "invalid_json"),
            (400, "not_utf8"),
            (400, "lone_surrogate"),
        )


class TestRead:
    async def test_one(self, http: AsyncClient):
        user = await create(http)
        assert body(await http.get(f"/api/v1/users/{user['id']}"), 200) == user

    async def test_none(self, http: AsyncClient):
        assert problem(await http.get("/api/v1/users/nobody"), 404) == ("user_not_found", [])

    async def test_what_no_id_can_be(self, http: AsyncClient):
        assert problem(await http.get(f"/api/v1/users/{'a' * 201}"), 422) == ("invalid_request", ["path.id"])

    async def test_relations_only_when_asked_for(self, http: AsyncClient):
        user = await create(http)
        shown = body(await http.get(f"/api/v1/users/{user['id']}?include=billingInfo,projects&include=credits"), 200)
        assert shown == {**user, "billingInfo": None, "projects": [], "credits": []}

    async def test_relations(self, http: AsyncClient, db: Prisma):
        user = await create(http)
        await db.project.create(data={"name": "P", "userId": user["id"], "settings": Json({"a": [1]})})
        await db.credit.create(data={"amount": Decimal("10.50"), "type": CreditType.BONUS, "userId": user["id"]})

        shown = body(await http.get(f"/api/v1/users/{user['id']}?include=projects,credits"), 200)
        (project,), (credit,) = shown["projects"], shown["credits"]
        assert (project["name"], project["settings"], project["isActive"]) == ("P", {"a": [1]}, True)
        assert (credit["amount"], credit["type"]) == ("10.50", "BONUS")

    async def test_no_secret_is_shown(self, http: AsyncClient, db: Prisma):
        id = (await create(http))["id"]
        await db.apikey.create(data={"key": "SECRET-1", "name": "k", "userId": id})
        await db.session.create(data={"sessionToken": "SECRET-2", "userId": id, "expires": JANUARY})
        await db.account.create(
            data={
                "userId": id,
                "type": "oauth",
                "provider": "p",
                "providerAccountId": "1",
                "access_token": "SECRET-3",
                "refresh_token": "SECRET-4",
                "id_token": "SECRET-5",
                "session_state": "SECRET-6",
            }
        )
        await db.billinginfo.create(
            data={"userId": id, "stripeCustomerId": "SECRET-7", "paymentMethodId": "SECRET-8", "last4": "4242"}
        )
        every = "accounts,sessions,apiKeys,projects,subscriptions,billingInfo,credits,usageMetrics"

        response = await http.get(f"/api/v1/users/{id}", params={"include": every})

        shown = body(response, 200)
        assert [len(shown[name]) for name in ("accounts", "sessions", "apiKeys")] == [1, 1, 1]
        assert shown["billingInfo"]["last4"] == "4242"
        assert "SECRET" not in response.text

    async def test_unknown_relation(self, http: AsyncClient):
        assert problem(await http.get("/api/v1/users/x?include=projects,passwords"), 422) == (
            "invalid_request",
            ["query.include.1"],
        )


class TestList:
    @pytest.fixture(autouse=True)
    async def users(self, http: AsyncClient, db: Prisma) -> None:
        # One instant for all: only the id tells them apart.
        await db.user.create_many(
            data=[{"id": f"u{n}", "email": f"u{n}@example.com", "createdAt": JANUARY} for n in range(5)]
        )

    async def test_pages(self, http: AsyncClient):
        address, pages = "/api/v1/users?take=2", []
        while True:
            response = await http.get(address)
            pages.append([user["id"] for user in body(response, 200)["items"]])
            if "next" not in response.links:
                break
            address = response.links["next"]["url"]
        assert pages == [[ROOT, "u4"], ["u3", "u2"], ["u1", "u0"]]

    @pytest.mark.parametrize(
        ("query", "ids"),
        [("role=ADMIN", [ROOT]), ("email=u3@example.com", ["u3"]), ("role=ADMIN&email=u3@example.com", [])],
    )
    async def test_filters(self, http: AsyncClient, query: str, ids: list[str]):
        assert [user["id"] for user in body(await http.get(f"/api/v1/users?{query}"), 200)["items"]] == ids

    async def test_fields(self, http: AsyncClient):
        page = body(await http.get("/api/v1/users?take=1"), 200)
        assert (set(page), set(page["items"][0])) == ({"items", "next"}, FIELDS)
        page = body(await http.get("/api/v1/users?take=1&fields=email,id"), 200)
        assert page["items"] == [{"id": ROOT, "email": "root@example.com"}]

    @pytest.mark.parametrize(
        ("query", "fields"),
        [
            ("take=0", ["query.take"]),
            ("take=101", ["query.take"]),
            ("take=x&role=ROOT", ["query.role", "query.take"]),
            ("fields=id,password", ["query.fields.1"]),
            ("fields=projects", ["query.fields.0"]),
        ],
    )
    async def test_refused(self, http: AsyncClient, query: str, fields: list[str]):
        code, named = problem(await http.get(f"/api/v1/users?{query}"), 422)
        assert (code, sorted(named)) == ("invalid_request", fields)


class TestUpdate:
    @pytest.mark.parametrize(
        "change", [{"name": "Eve"}, {"name": None, "avatar": None}, {"role": "PREMIUM", "email": "eve@example.com"}]
    )
    async def test_changes_what_is_named(self, http: AsyncClient, change: dict[str, Any]):
        before = body(await http.post("/api/v1/users", json=ADA), 201)
        after = body(await http.patch(f"/api/v1/users/{before['id']}", json=change), 200)

        assert after["updatedAt"] >= before["updatedAt"]
        assert after == {**before, **change, "updatedAt": after["updatedAt"]}
        assert body(await http.get(f"/api/v1/users/{before['id']}"), 200) == after

    async def test_none(self, http: AsyncClient):
        assert problem(await http.patch("/api/v1/users/nobody", json={"name": "x"}), 404) == ("user_not_found", [])

    async def test_a_taken_address(self, http: AsyncClient):
        await create(http)
        other = await create(http, email="eve@example.com")
        response = await http.patch(f"/api/v1/users/{other['id']}", json={"email": "ada@example.com"})
        assert problem(response, 409) == ("already_exists", ["email"])

    @pytest.mark.parametrize("change", [{}, {"email": None}, {"role": None}, {"name": ""}, {"createdAt": "2020-01-01"}])
    async def test_refused(self, http: AsyncClient, change: dict[str, Any]):
        user = await create(http)
        assert problem(await http.patch(f"/api/v1/users/{user['id']}", json=change), 422)[0] == "invalid_request"
        assert body(await http.get(f"/api/v1/users/{user['id']}"), 200) == user


class TestDelete:
    async def test_with_everything_that_belongs_to_it(self, http: AsyncClient, db: Prisma):
        user = await create(http)
        await db.project.create(data={"name": "P", "userId": user["id"]})

        response = await http.delete(f"/api/v1/users/{user['id']}")

        assert (response.status_code, response.content) == (204, b"")
        assert (await db.user.count(), await db.project.count()) == (1, 0)

    async def test_none(self, http: AsyncClient):
        assert problem(await http.delete("/api/v1/users/nobody"), 404) == ("user_not_found", [])


class TestMe:
    """What a user without a role may do: read and change themselves, and nobody else."""

    @pytest.fixture(autouse=True)
    async def ada(self, http: AsyncClient, enrol: Enrol) -> None:
        http.headers.update((await enrol("ada")).headers)

    async def test_read(self, http: AsyncClient):
        me, by_id = [body(await http.get(f"/api/v1/users/{id}"), 200) for id in ("me", "ada")]
        assert (me, me["email"]) == (by_id, "ada@example.com")

    async def test_change(self, http: AsyncClient, db: Prisma):
        await db.user.update(where={"id": "ada"}, data={"emailVerified": JANUARY})
        named = body(await http.patch("/api/v1/users/me", json={"name": "Ada", "email": "ADA@example.com"}), 200)
        assert (named["email"], named["emailVerified"]) == ("ada@example.com", "2026-01-01T00:00:00Z")

    async def test_a_new_address_is_confirmed(self, http: AsyncClient, db: Prisma, enrol: Enrol):
        await enrol("eve")
        soon = datetime.now(UTC) + timedelta(hours=1)
        tokens = [
            ("new@example.com", "good", soon),
            ("old@example.com", "late", JANUARY),
            ("eve@example.com", "eve's", soon),
        ]
        for identifier, token, expires in tokens:
            await db.verificationtoken.create(data={"identifier": identifier, "token": token, "expires": expires})

        async def move(email: str, token: str | None) -> tuple[int, str]:
            answer = await http.patch("/api/v1/users/me", json={"email": email, "emailToken": token})
            return answer.status_code, answer.json().get("code") or answer.json()["email"]

        assert [
            await move("new@example.com", None),
            await move("new@example.com", "guess"),
            await move("eve@example.com", "good"),
            await move("eve@example.com", None),
            await move("old@example.com", "late"),
            await move("New@Example.com", "good"),
            await move("ada@example.com", "good"),
            await move("eve@example.com", "eve's"),
        ] == [(403, "unconfirmed_address")] * 5 + [
            (200, "new@example.com"),
            (403, "unconfirmed_address"),
            (409, "already_exists"),
        ]
        ada = await db.user.find_unique_or_raise(where={"id": "ada"})
        assert (ada.email, ada.emailVerified is not None) == ("new@example.com", True)

    async def test_one_person_is_not_two_users(self, http: AsyncClient, db: Prisma, enrol: Enrol):
        await db.user.create(data={"email": "Older@Example.com"})
        root = (await enrol("chief", role=Role.ADMIN)).headers
        made = [
            await http.post("/api/v1/users", json={"email": email}, headers=root)
            for email in ("Bea@Example.com", "bea@example.COM", "older@example.com")
        ]
        found = [
            (await http.get("/api/v1/users", params={"email": email}, headers=root)).json()["items"]
            for email in ("BEA@example.com", "Older@Example.com")
        ]
        assert [answer.status_code for answer in made] == [201, 409, 409]
        assert [[user["email"] for user in users] for users in found] == [["bea@example.com"], ["Older@Example.com"]]

    async def test_no_role_for_oneself(self, http: AsyncClient, db: Prisma):
        assert problem(await http.patch("/api/v1/users/me", json={"name": "x", "role": "ADMIN"}), 403) == (
            "admin_required",
            [],
        )
        ada = await db.user.find_unique_or_raise(where={"id": "ada"})
        assert (ada.role, ada.name) == (Role.USER, None)

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "", 403),
            ("POST", "", 403),
            ("GET", "/root", 404),
            ("PATCH", "/root", 404),
            ("DELETE", "/root", 404),
        ],
    )
    async def test_nobody_else(self, http: AsyncClient, method: str, path: str, status: int):
        answer = await http.request(method, f"/api/v1/users{path}", json={"email": "x@example.com"})
        assert problem(answer, status)[0] == ("admin_required" if status == 403 else "user_not_found")

    async def test_leave(self, http: AsyncClient, db: Prisma):
        assert (await http.delete("/api/v1/users/me")).status_code == 204
        assert problem(await http.get("/api/v1/users/me"), 401)[0] == "unauthorized"
        assert [user.id for user in await db.user.find_many()] == [ROOT]


class TestVersions:
    async def test_read_change_delete(self, http: AsyncClient):
        id = (await create(http))["id"]
        first = await http.get(f"/api/v1/users/{id}")
        tag = first.headers["etag"]
        changed = await http.patch(f"/api/v1/users/{id}", json={"name": "A"}, headers={"If-Match": tag})
        late = await http.patch(f"/api/v1/users/{id}", json={"name": "B"}, headers={"If-Match": tag})
        kept = await http.delete(f"/api/v1/users/{id}", headers={"If-Match": tag})
        gone = await http.delete(f"/api/v1/users/{id}", headers={"If-Match": changed.headers["etag"]})

        assert (changed.status_code, gone.status_code) == (200, 204)
        assert [problem(answer, 412)[0] for answer in (late, kept)] == ["changed_meanwhile"] * 2

    async def test_none_with_relations(self, http: AsyncClient):
        assert "etag" not in (await http.get(f"/api/v1/users/{ROOT}?include=projects")).headers
