"""Work and its stored response are in one transaction. The work here creates a user, so that doing it twice shows."""

from __future__ import annotations

import asyncio
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import Response
from httpx import AsyncClient

from app.database.expiry import delete_expired
from app.database.isolation import find_isolation
from app.http.problems import ProblemError
from app.idempotency.request import IdempotentRequest, WorkResult
from app.idempotency.stored_responses import EXPIRED_RESPONSES, can_store_responses
from app.main import create_app
from app.telemetry.expected_failures import is_expected
from app.tenancy.access import Access, UserAccess
from prisma import Prisma
from prisma.errors import DataError, data_error
from prisma.migrate import deploy
from tests.conftest import ROOT, Enrol, serving, settings_for

if TYPE_CHECKING:
    from conftest import Server


@pytest.fixture
async def access(either: str):
    """The owner's access, directly and through a PgBouncer."""
    async with Prisma(datasource={"url": either}) as db:
        yield Access(db, await find_isolation(db), None, repeatable=False)


async def no_sleep(_: float) -> None:
    """Let no time pass."""


def request(fingerprint: str = "first", *, caller: str = "ada", key: str | None = "k") -> IdempotentRequest:
    return IdempotentRequest(caller, key, fingerprint)


async def create(tx: Prisma) -> WorkResult:
    number = await tx.user.count()
    await tx.user.create(data={"id": f"u{number}", "email": f"u{number}@example.com"})
    return WorkResult({"number": number}, HTTPStatus.CREATED, {"Location": f"/users/u{number}"})


def seen(response: Response) -> tuple[int, bytes, str | None, str | None]:
    headers = response.headers
    return response.status_code, bytes(response.body), headers.get("location"), headers.get("idempotent-replayed")


async def test_the_second_gets_the_answer_of_the_first(access: Access):
    first, second = [await request().run(access, create) for _ in range(2)]
    assert seen(first) == (201, b'{"number":0}', "/users/u0", None)
    assert seen(second) == (201, b'{"number":0}', "/users/u0", "true")
    assert await access.db.user.count() == 1


async def test_a_second_request_is_no_failure_to_the_log(access: Access):
    expected: list[bool] = []
    access.db.on("error", lambda event: expected.append(is_expected(event.message)))

    async def fails(tx: Prisma) -> WorkResult:
        await tx.query_raw("SELECT 1 / 0")
        return WorkResult(None)

    for _ in range(2):
        await request().run(access, create)
    with pytest.raises(DataError):
        await request(key="other").run(access, fails)
    assert expected == [True, False]


async def test_without_a_key_each_is_done(access: Access):
    found = [await request(key=None).run(access, create) for _ in range(2)]
    assert [seen(response)[1] for response in found] == [b'{"number":0}', b'{"number":1}']


async def test_keys_belong_to_their_callers(access: Access):
    found = [await request(caller=caller).run(access, create) for caller in ("ada", "eve")]
    assert [seen(response)[3] for response in found] == [None, None]


async def test_a_key_for_another_request_is_refused(access: Access):
    await request().run(access, create)
    with pytest.raises(ProblemError) as caught:
        await request("second").run(access, create)
    assert (caught.value.status, caught.value.code) == (422, "idempotency_key_reused")
    assert await access.db.user.count() == 1


async def test_a_key_for_another_path_is_refused(http: AsyncClient, enrol: Enrol, db: Prisma):
    """Also if the paths differ by what Python's parser of URLs drops."""
    ada = await enrol("ada")
    for id in ("ab", "a\tb", "a\nb", "a/b"):
        await db.apikey.create(data={"id": id, "key": id, "name": "K", "userId": "ada"})
    found = [
        (await http.post(f"/api/v1/api-keys/{id}/rotate", headers={**ada.headers, "Idempotency-Key": "k"})).status_code
        for id in ("ab", "a%09b", "a%0Ab", "a%2Fb", "ab")
    ]
    assert found == [200, 422, 422, 422, 200]


async def test_a_response_that_came_in_between_stays_and_nothing_else_happens(access: Access):
    """The look at the table is older than the lock, so the statement that stores is the last to notice."""

    async def overtaken(tx: Prisma) -> WorkResult:
        result = await create(tx)
        await access.db.execute_raw(
            "INSERT INTO service.idempotency_keys VALUES ($1, '', $2, 'first', 200, '{}', '\"theirs\"', $3::timestamp)",
            "ada",
            "k",
            "2999-01-01",
        )
        return result

    for _ in range(2):  # the second time, the statements are kept
        for work in (overtaken, create):
            replayed = await request().run(access, work)
            assert (seen(replayed), await access.db.user.count()) == ((200, b'"theirs"', None, "true"), 0)
        await access.db.execute_raw("DELETE FROM service.idempotency_keys")


async def test_while_the_first_is_under_way_the_second_is_refused(access: Access):
    working, finish = asyncio.Event(), asyncio.Event()

    async def slow(tx: Prisma) -> WorkResult:
        result = await create(tx)
        working.set()
        await finish.wait()
        return result

    first = asyncio.create_task(request().run(access, slow))
    await working.wait()
    with pytest.raises(ProblemError) as caught:
        await request().run(access, create)
    finish.set()
    assert (caught.value.status, caught.value.code) == (409, "request_in_progress")
    assert seen(await first)[0] == 201
    assert seen(await request().run(access, create))[3] == "true"


async def test_many_at_once_do_it_once(access: Access):
    found = await asyncio.gather(*(request().run(access, create) for _ in range(20)), return_exceptions=True)
    refused = [error for error in found if isinstance(error, ProblemError)]
    answers = {seen(response)[:3] for response in found if isinstance(response, Response)}
    assert answers == {(201, b'{"number":0}', "/users/u0")}
    assert {error.code for error in refused} <= {"request_in_progress"}
    assert await access.db.user.count() == 1


async def test_a_refusal_is_not_kept(access: Access):
    async def refuse(tx: Prisma) -> WorkResult:
        await create(tx)
        raise ProblemError(HTTPStatus.CONFLICT, "no", "No.")

    with pytest.raises(ProblemError, match=r"No\."):
        await request().run(access, refuse)
    assert await access.db.user.count() == 0
    assert seen(await request().run(access, create))[3] is None


async def test_work_that_broke_off_is_done_again_once(access: Access):
    tries = 0

    async def breaks(tx: Prisma) -> WorkResult:
        nonlocal tries
        tries += 1
        done = await create(tx)
        if tries == 1:
            raise data_error("P2034", "a deadlock", {})
        return done

    assert seen(await request().run(access, breaks, sleep=no_sleep))[0] == 201
    assert (tries, await access.db.user.count()) == (2, 1)


async def test_a_secret_is_not_stored(access: Access):
    async def secret(tx: Prisma) -> WorkResult:
        return WorkResult({"key": "SECRET"}, replay={"key": None})

    found = [seen(await request().run(access, secret))[1] for _ in range(2)]
    (row,) = await access.db.query_raw("SELECT row_to_json(k)::text AS row FROM service.idempotency_keys k")
    assert (found, "SECRET" in row["row"]) == ([b'{"key":"SECRET"}', b'{"key":null}'], False)


async def test_an_expired_answer_is_forgotten(access: Access):
    expire = """UPDATE service.idempotency_keys SET "expiresAt" = now() AT TIME ZONE 'UTC' - interval '1 second'"""
    await request().run(access, create)
    await access.db.execute_raw(expire)
    assert seen(await request("second").run(access, create))[1] == b'{"number":1}'
    assert await delete_expired(access.db, [EXPIRED_RESPONSES]) == 0
    await access.db.execute_raw(expire)
    assert await delete_expired(access.db, [EXPIRED_RESPONSES]) == 1


async def test_a_tenant_finds_only_what_was_done_to_their_rows(access: Access):
    async def nothing(tx: Prisma) -> WorkResult:
        return WorkResult(None, HTTPStatus.NO_CONTENT)

    async def look(tx: Prisma) -> list[str]:
        rows = await tx.query_raw("SELECT subject, key FROM service.idempotency_keys")
        return [f"{row['subject']} {row['key']}" for row in rows]

    db, isolation = access.db, access.isolation
    await db.user.create_many(data=[{"id": id, "email": f"{id}@example.com"} for id in ("ada", "eve")])
    ada, eve = (UserAccess(db, isolation, user_id=id, repeatable=False) for id in ("ada", "eve"))
    await request().run(ada, nothing)
    # An ADMIN who acts for others uses one key for two of them: these are two requests.
    assert seen(await request().run(eve, nothing))[3] is None
    assert (await ada.run(look), await eve.run(look)) == (["ada k"], ["eve k"])
    assert await can_store_responses(db)


async def test_without_the_table_keys_are_off(database: str):
    async with Prisma(datasource={"url": database}) as db:
        assert await can_store_responses(db) is False


async def test_where_no_schema_may_be_made_the_migration_succeeds_and_keys_are_refused(
    server: Server, database: str, tmp_path: Path
):
    name = database.partition("localhost/")[2].partition("?")[0]
    user = f"guest_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE ROLE {user} LOGIN; \\c "{name}"\nGRANT ALL ON SCHEMA public TO {user}')
    url = server.url(name).replace("postgres@", f"{user}@")
    try:
        await deploy(ROOT / "migrations", url)
        async with Prisma(datasource={"url": url}) as db, serving(create_app(settings_for(url, tmp_path))) as http:
            row = await db.user.create(
                data={"email": "ada@example.com", "apiKeys": {"create": [{"name": "k", "key": "clear"}]}}
            )
            headers = {"X-API-Key": "clear", "Idempotency-Key": "k"}
            answer = await http.post("/api/v1/credits/spend", json={"amount": "1.00"}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (501, "idempotency_off"), row
    finally:
        server.run(f'\\c "{name}"\nDROP OWNED BY {user} CASCADE; \\c postgres\nDROP ROLE {user}')
