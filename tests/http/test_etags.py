"""The versions of records: `ETag`, `If-Match` and `If-None-Match`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient

from app.http.etags import tag, versions_in
from prisma import Prisma
from prisma.enums import Plan, SubscriptionStatus
from tests.conftest import Enrol

MOMENT = datetime(2026, 1, 1, 12, 30, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        (tag(MOMENT), [MOMENT]),
        (f'"other", {tag(MOMENT)}', [MOMENT]),
        (f"W/{tag(MOMENT)}", []),
        ('"0"', [datetime(1970, 1, 1, tzinfo=UTC)]),
        ('"fffffffffffff"', []),
        ('"ffffffffffff"', []),
        ("", []),
        ('"', []),
        ("*", []),
        (f' ,, "x" ,{tag(MOMENT)}\t,', [MOMENT]),
        (f"w/{tag(MOMENT)}", []),
        (f"x{tag(MOMENT)}", []),
        (f"{tag(MOMENT)}x", []),
        (f"{tag(MOMENT)} {tag(MOMENT)}", []),
        (f"{tag(MOMENT)}, *", []),
        (f'"a b", {tag(MOMENT)}', []),
    ],
)
def test_tags(text: str, versions: list[datetime]):
    assert versions_in(text) == versions


@pytest.fixture(autouse=True)
async def project(http: AsyncClient, db: Prisma, enrol: Enrol) -> None:
    http.headers.update((await enrol("ada")).headers)
    await db.project.create(data={"id": "p", "name": "P", "userId": "ada"})


PATH = "/api/v1/projects/p"


async def read_tag(http: AsyncClient) -> str:
    return (await http.get(PATH)).headers["etag"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("{tag}", 200),
        ('"1", {tag}', 200),
        ("*", 200),
        ('"1"', 412),
        ("W/{tag}", 412),
        ("nonsense", 412),
        ('"ffffffffffff"', 412),
        ('"fffffffffff"', 412),
    ],
)
async def test_a_change_is_for_a_version(http: AsyncClient, db: Prisma, method: str, given: str, status: int):
    before = await db.project.find_many()
    value = given.format(tag=await read_tag(http))
    body: dict[str, Any] = {"json": {"name": "New"}} if method == "PATCH" else {}

    answer = await http.request(method, PATH, headers={"If-Match": value}, **body)

    assert answer.status_code == (204 if (method, status) == ("DELETE", 200) else status), answer.text
    assert (await db.project.find_many() == before) == (status == 412)


@pytest.mark.parametrize(
    ("lines", "changed", "read"),
    [
        (['"1"', "{tag}"], 200, 304),
        (["{tag}", '"1"'], 200, 304),
        (['"1"', "W/{tag}"], 412, 304),
        (['"1"', "*"], 412, 200),
        (["*", '"1"'], 412, 200),
        (['"1"'] * 400, 422, 422),
    ],
)
async def test_the_lines_of_a_header_are_one_list(http: AsyncClient, lines: list[str], changed: int, read: int):
    current = await read_tag(http)
    given = [line.format(tag=current) for line in lines]
    reading = await http.get(PATH, headers=[("If-None-Match", line) for line in given])
    changing = await http.patch(PATH, json={"name": "New"}, headers=[("If-Match", line) for line in given])
    assert (changing.status_code, reading.status_code) == (changed, read)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_version_of_what_is_not_there(http: AsyncClient, method: str):
    body: dict[str, Any] = {"json": {"name": "New"}} if method == "PATCH" else {}
    answer = await http.request(method, PATH + "x", headers={"If-Match": '"1"'}, **body)
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")


async def test_of_fifty_changes_of_one_version_one_happens(http: AsyncClient):
    headers = {"If-Match": await read_tag(http)}
    answers = await asyncio.gather(*(http.patch(PATH, json={"name": f"N{n}"}, headers=headers) for n in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 49
    (winner,) = (answer for answer in answers if answer.status_code == 200)
    assert (await http.get(PATH)).json() == winner.json()


async def test_a_change_within_the_same_millisecond_is_another_version(http: AsyncClient, db: Prisma):
    ahead = datetime.now(UTC).replace(microsecond=0).replace(year=2099)
    for moment in (ahead, datetime.now(UTC)):
        await db.project.update(where={"id": "p"}, data={"updatedAt": moment})
        before = await read_tag(http)
        answer = await http.patch(PATH, json={"name": "x"}, headers={"If-Match": before})
        assert (answer.status_code, answer.headers["etag"] != before) == (200, True)


async def test_changes_at_the_same_moment_are_versions_of_their_own(http: AsyncClient):
    tags: list[int] = []
    for turn in range(10):
        answers = await asyncio.gather(*(http.patch(PATH, json={"name": f"{turn}-{n}"}) for n in range(12)))
        tags += sorted(int(answer.headers["etag"].strip('"'), 16) for answer in answers)
        assert await read_tag(http) == f'"{tags[-1]:x}"'
    assert tags == sorted(set(tags))


@pytest.mark.parametrize("table", ["users", "projects", "subscriptions", "billing_info"])
@pytest.mark.parametrize("moment", ['"updatedAt"', "'2020-01-01'", "now() AT TIME ZONE 'UTC' + interval '1 hour'"])
async def test_a_version_grows_whoever_makes_the_change(db: Prisma, table: str, moment: str):
    await db.subscription.create(data={"userId": "ada", "plan": Plan.PRO, "status": SubscriptionStatus.ACTIVE})
    await db.billinginfo.create(data={"userId": "ada"})
    read: Any = f'SELECT "updatedAt" FROM {table}'
    change: Any = f'UPDATE {table} SET "updatedAt" = {moment}'
    found = [(await db.query_raw(read))[0]["updatedAt"]]
    for _ in range(3):
        await db.execute_raw(change)
        found += [(await db.query_raw(read))[0]["updatedAt"]]
    assert found == sorted(set(found))


async def test_a_tag_of_the_future_does_not_become_the_time(http: AsyncClient, db: Prisma):
    future = tag(datetime(2999, 1, 1, tzinfo=UTC))
    await http.patch(PATH, json={"name": "x"}, headers={"If-Match": f"{future}, {await read_tag(http)}"})
    assert (await db.project.find_first_or_raise()).updatedAt.year < 2999


@pytest.mark.parametrize(("given", "status"), [("{tag}", 304), ("W/{tag}", 304), ("*", 304), ('"1"', 200), ("", 200)])
async def test_reading_what_is_known_already(http: AsyncClient, given: str, status: int):
    current = await read_tag(http)
    answer = await http.get(PATH, headers={"If-None-Match": given.format(tag=current)})
    assert (answer.status_code, answer.headers["etag"]) == (status, current)
    assert (answer.content == b"") == (status == 304)
