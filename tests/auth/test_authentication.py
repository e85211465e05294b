"""Authentication: every way to sign in, and every way in which that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from app.auth.authentication import Admin, CurrentCaller
from app.auth.caller import Caller
from app.auth.keys import new_key, stored
from app.main import create_app
from prisma import Prisma
from prisma.enums import Role
from tests.conftest import OWNER, serving, settings_for

if TYPE_CHECKING:
    from conftest import Server

SOON = timedelta(hours=1)
KEY = "ain_key"
CLEAR = "sk_made_by_typescript"
TOKEN = "3f0c0a4e-session"


@pytest.fixture
async def http(migrated: str) -> AsyncGenerator[AsyncClient]:
    async with serving(telling(migrated)) as client:
        yield client


@cache
def telling(url: str) -> FastAPI:
    """The application with two routes more, which say who called; kept, as the tests' `application` is."""
    app = create_app(settings_for(url, Path(__file__).parent))

    @app.get("/caller")
    async def read_caller(caller: CurrentCaller) -> Any:
        return caller

    @app.get("/admin")
    async def read_admin(caller: Admin) -> Any:
        return caller

    return app


@pytest.fixture(autouse=True)
async def ada(db: Prisma) -> None:
    """A user with a key of each kind and a session."""
    await db.user.create(data={"id": "ada", "email": "ada@example.com", "role": Role.PREMIUM})
    for id, key in (("made-here", stored(KEY)), ("in-clear", CLEAR)):
        await db.apikey.create(data={"id": id, "key": key, "name": "k", "userId": "ada", "rateLimit": 7})
    await db.session.create(
        data={"id": "session", "sessionToken": TOKEN, "userId": "ada", "expires": datetime.now(UTC) + SOON}
    )


def with_key(id: str) -> dict[str, Any]:
    return {"user_id": "ada", "role": "PREMIUM", "sign_in": "api_key", "key_id": id, "hourly_limit": 7,
            "session_id": None}  # fmt: skip


BY_SESSION = {"user_id": "ada", "role": "PREMIUM", "sign_in": "session", "key_id": None, "hourly_limit": None,
              "session_id": "session"}  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "caller"),
    [
        ({"Authorization": f"Bearer {KEY}"}, with_key("made-here")),
        ({"authorization": f"bearer {CLEAR}"}, with_key("in-clear")),
        ({"X-API-Key": KEY}, with_key("made-here")),
        ({"X-API-Key": CLEAR}, with_key("in-clear")),
        ({"Authorization": f"Bearer {TOKEN}"}, BY_SESSION),
        ({"Cookie": f"next-auth.session-token={TOKEN}"}, BY_SESSION),
        ({"Cookie": f"a=b; __Secure-next-auth.session-token={TOKEN}"}, BY_SESSION),
        ({"Cookie": f"authjs.session-token={TOKEN}"}, BY_SESSION),
        ({"Cookie": f"__Secure-authjs.session-token={TOKEN}; a=b"}, BY_SESSION),
        ({"Cookie": f"authjs.session-token={TOKEN.replace('-', '%2D')}"}, BY_SESSION),
        ({"Cookie": f"__Secure-next-auth.session-token=stale; next-auth.session-token={TOKEN}"}, BY_SESSION),
        ({"Cookie": f"next-auth.session-token={TOKEN}; next-auth.session-token=stale"}, BY_SESSION),
    ],
    ids=lambda value: next(iter(value.items()))[1][:40] if isinstance(value, dict) else "",
)
async def test_every_way_in(http: AsyncClient, headers: dict[str, str], caller: dict[str, Any]):
    response = await http.get("/caller", headers=headers)
    assert (response.status_code, response.json()) == (200, caller)


REFUSED = {
    "nothing": {},
    "unknown": {"X-API-Key": "ain_unknown"},
    "another scheme": {"Authorization": f"Basic {KEY}"},
    "empty": {"Authorization": "Bearer "},
    "the hash of a key": {"X-API-Key": stored(KEY)},
    "the bare hash of a key": {"X-API-Key": stored(KEY).partition(":")[2]},
    "a session's token as a key": {"X-API-Key": TOKEN},
    "a key as a session's cookie": {"Cookie": f"next-auth.session-token={KEY}"},
    "SQL": {"X-API-Key": "' OR '1'='1"},
    "too long": {"X-API-Key": "a" * 5000},
    "NUL in a cookie": {"Cookie": f"authjs.session-token={TOKEN}%00"},
    "the first that is shown decides": {"Authorization": "Bearer no", "X-API-Key": KEY},
}


async def refusal(response: Response) -> tuple[int, str | None, bytes]:
    return response.status_code, response.headers.get("www-authenticate"), response.content


@pytest.fixture
async def unauthorized(http: AsyncClient) -> tuple[int, str | None, bytes]:
    """The answer to a request without credentials."""
    return await refusal(await http.get("/caller"))


def test_the_refusal(unauthorized: tuple[int, str, bytes]):
    status, challenge, body = unauthorized
    assert (status, challenge) == (401, 'Bearer realm="ainative"')
    assert b'"code":"unauthorized"' in body


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
async def test_refused(http: AsyncClient, unauthorized: object, headers: dict[str, str]):
    assert await refusal(await http.get("/caller", headers=headers)) == unauthorized
    assert await refusal(await http.get("/admin", headers=headers)) == unauthorized


@pytest.mark.parametrize(
    "change", [{"isActive": False}, {"expiresAt": datetime(2020, 1, 1, tzinfo=UTC)}], ids=["inactive", "expired"]
)
async def test_a_key_that_is_over(http: AsyncClient, db: Prisma, unauthorized: object, change: Any):
    await db.apikey.update(where={"id": "made-here"}, data=change)
    assert await refusal(await http.get("/caller", headers={"X-API-Key": KEY})) == unauthorized


async def test_a_session_that_is_over(http: AsyncClient, db: Prisma, unauthorized: object):
    await db.session.update(where={"id": "session"}, data={"expires": datetime.now(UTC)})
    assert await refusal(await http.get("/caller", headers={"Authorization": f"Bearer {TOKEN}"})) == unauthorized


async def test_bytes_that_are_no_text(http: AsyncClient, unauthorized: object):
    for raw in (b"\xff\xfe", b"a\x00b", "ключ".encode()):
        assert await refusal(await http.get("/caller", headers={b"X-API-Key": raw})) == unauthorized


async def test_only_an_admin(http: AsyncClient, db: Prisma):
    before = await http.get("/admin", headers={"X-API-Key": KEY})
    await db.user.update(where={"id": "ada"}, data={"role": Role.ADMIN})
    after = await http.get("/admin", headers={"X-API-Key": KEY})
    assert (before.status_code, before.json()["code"], after.status_code) == (403, "admin_required", 200)


class TestLastUsed:
    """`lastUsedAt` is written at most once a minute."""

    @staticmethod
    async def versions(db: Prisma) -> tuple[str, datetime | None]:
        """Return the version of the key's row, which each write changes, and when it was used."""
        rows = await db.query_raw("SELECT xmin::text AS version FROM api_keys WHERE id = 'made-here'")
        return rows[0]["version"], (await db.apikey.find_unique_or_raise(where={"id": "made-here"})).lastUsedAt

    async def test_fifty_at_once_write_once(self, http: AsyncClient, db: Prisma):
        await http.get("/caller", headers={"X-API-Key": KEY})
        first = await self.versions(db)
        answers = await asyncio.gather(*(http.get("/caller", headers={"X-API-Key": KEY}) for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert await self.versions(db) == first

    async def test_a_minute_later(self, http: AsyncClient, db: Prisma):
        for age in (timedelta(seconds=55), timedelta(seconds=61)):
            before = datetime.now(UTC) - age
            await db.apikey.update(where={"id": "made-here"}, data={"lastUsedAt": before})
            old = await self.versions(db)
            await http.get("/caller", headers={"X-API-Key": KEY})
            assert (await self.versions(db) == old) == (age < timedelta(minutes=1))

    async def test_a_race_writes_once(self, http: AsyncClient, db: Prisma):
        written: list[str] = []
        await db.execute_raw("CREATE TABLE writes (id serial)")
        await db.execute_raw(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO writes DEFAULT VALUES; RETURN NEW; END'"
        )
        await db.execute_raw("CREATE TRIGGER note AFTER UPDATE ON api_keys FOR EACH ROW EXECUTE FUNCTION note()")
        try:
            await asyncio.gather(*(http.get("/caller", headers={"X-API-Key": KEY}) for _ in range(50)))
            written = [str(row["id"]) for row in await db.query_raw("SELECT id FROM writes")]
        finally:
            await db.execute_raw("DROP TRIGGER note ON api_keys")
            await db.execute_raw("DROP FUNCTION note")
            await db.execute_raw("DROP TABLE writes")
        assert written == ["1"]

    async def test_a_refused_key_is_not_used(self, http: AsyncClient, db: Prisma):
        await db.apikey.update(where={"id": "made-here"}, data={"isActive": False})
        await http.get("/caller", headers={"X-API-Key": KEY})
        assert (await self.versions(db))[1] is None


async def test_connections_that_broke_meanwhile(http: AsyncClient, db: Prisma, server: Server):
    name = (await db.query_raw("SELECT current_database()::text AS name"))[0]["name"]
    await http.get("/caller", headers={"X-API-Key": KEY})
    server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND application_name <> '{OWNER}'"
    )
    answers = await asyncio.gather(*(http.get("/caller", headers={"X-API-Key": KEY}) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}


def test_keys():
    key, other = new_key(), new_key()
    assert (key[:4], len(key), key != other) == ("ain_", 47, True)
    assert (stored(key)[:7], len(stored(key)), key in stored(key)) == ("sha256:", 71, False)


def test_a_caller_is_what_it_is():
    with pytest.raises(AttributeError):
        Caller("ada", Role.USER, "session").role = Role.ADMIN  # type: ignore[misc, arg-type]
