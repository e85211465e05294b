"""`python -m app.keys`: keys are made, listed without what signs in, and revoked."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime

import pytest
from httpx import AsyncClient

from app.auth.keys import stored
from app.keys.__main__ import main
from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Run

PROGRAM = "app.keys"


async def test_a_key_that_works(program: Run, http: AsyncClient, db: Prisma):
    await db.user.create(data={"id": "ada", "email": "ada@example.com", "role": Role.ADMIN})
    code, output, told = await program("create", "--user", "ada@example.com", "--name", "CI", "--rate-limit", "7")
    key = output.strip()
    answer = await http.get("/api/v1/users", headers={"Authorization": f"Bearer {key}"})
    row = await db.apikey.find_first_or_raise()

    assert (code, answer.status_code) == (0, 200)
    assert told == "A key of ada@example.com (ADMIN). It is shown this once:\n"
    assert (row.key, row.name, row.userId, row.rateLimit) == (stored(key), "CI", "ada", 7)


SECRET = "key-in-clear"  # as the TypeScript application stores one
MADE = datetime(2026, 11, 1, 10, tzinfo=UTC)


@pytest.fixture
async def two_keys(db: Prisma) -> None:
    """A key in clear and a hashed one, of two users."""
    await db.user.create({"id": "ada", "email": "ada@example.com", "role": Role.ADMIN})
    await db.user.create({"id": "bea", "email": "bea@example.com"})
    await db.apikey.create({"id": "id-clear", "key": SECRET, "name": "CI", "userId": "ada", "createdAt": MADE})
    hashed = stored("hashed")
    await db.apikey.create({"id": "id-hash", "key": hashed, "name": "App", "userId": "bea", "rateLimit": 5})


LISTED = {
    "id": "id-clear",
    "fingerprint": hashlib.sha256(SECRET.encode()).hexdigest()[:12],
    "name": "CI",
    "user": "ada@example.com",
    "rateLimit": 1000,
    "isActive": True,
    "createdAt": "2026-11-01T10:00:00+00:00",
    "lastUsedAt": None,
    "expiresAt": None,
}


@pytest.mark.usefixtures("two_keys")
async def test_the_list_of_a_user(run: Run):
    code, table, _ = await run("list", "--user", "ADA@example.com")
    code_json, output, _ = await run("list", "--user", "ada", "--json")
    titles, line = table.splitlines()
    assert (code, code_json, json.loads(output)) == (0, 0, [LISTED])
    assert re.split("  +", titles) == [
        "ID", "FINGERPRINT", "NAME", "USER", "PER HOUR", "ACTIVE", "CREATED", "LAST USED", "EXPIRES",
    ]  # fmt: skip
    assert line.split() == [
        "id-clear", LISTED["fingerprint"], "CI", "ada@example.com", "1000", "yes", "2026-11-01", "10:00", "never",
        "never",
    ]  # fmt: skip


@pytest.mark.usefixtures("two_keys")
async def test_the_list_of_all_shows_no_secret(run: Run):
    code, table, _ = await run("list")
    _, output, _ = await run("list", "--json")
    assert (code, [key["id"] for key in json.loads(output)]) == (0, ["id-clear", "id-hash"])
    assert SECRET not in table + output
    assert stored("hashed").removeprefix("sha256:") not in table + output


async def test_the_list_of_nothing(run: Run):
    assert await run("list") == (0, "", "There are no keys. To make one: python -m app.keys create --user EMAIL\n")
    assert await run("list", "--json") == (0, "[]\n", "")


@pytest.mark.usefixtures("two_keys")
@pytest.mark.parametrize(
    ("named", "left"),
    [
        ("id-clear", ["id-hash"]),
        ("id-c", ["id-hash"]),
        (LISTED["fingerprint"], ["id-hash"]),
        (LISTED["fingerprint"][:4].upper(), ["id-hash"]),
        (SECRET, ["id-hash"]),
        ("hashed", ["id-clear"]),
        (hashlib.sha256(b"hashed").hexdigest()[:6], ["id-clear"]),
    ],
)
async def test_a_key_is_revoked(run: Run, db: Prisma, named: str, left: list[str]):
    code, output, told = await run("revoke", named)
    assert (code, output, told.startswith("Revoked: id-")) == (0, "", True)
    assert [key.id for key in await db.apikey.find_many()] == left


@pytest.mark.usefixtures("two_keys")
@pytest.mark.parametrize(
    ("named", "complaint"),
    [
        ("id-", "Error: There is no such key.\nFix:   See the ids and fingerprints: python -m app.keys list\n"),
        ("%", "Error: There is no such key.\nFix:   See the ids and fingerprints: python -m app.keys list\n"),
        (stored("hashed"), "Error: There is no such key.\nFix:   See the ids"),
        ("ADA", "Error: There is no such key.\nFix:   See the ids"),
    ],
)
async def test_no_key_is_revoked(run: Run, db: Prisma, named: str, complaint: str):
    code, output, told = await run("revoke", named)
    assert (code, output, told.startswith(complaint)) == (1, "", True), told
    assert await db.apikey.count() == 2


async def test_a_start_that_several_have_names_none(run: Run, db: Prisma):
    await db.user.create({"id": "ada", "email": "ada@example.com"})
    for number in range(2):
        await db.apikey.create({"id": f"same-{number}", "key": f"{number}", "name": "k", "userId": "ada"})
    code, _, told = await run("revoke", "same")
    assert (code, told) == (
        1,
        "Error: 2 keys begin with same.\nFix:   Name more characters of the id or fingerprint.\n",
    )
    assert await db.apikey.count() == 2


async def test_json_of_a_new_key(run: Run, db: Prisma):
    await db.user.create({"id": "ada", "email": "ada@example.com"})
    code, output, told = await run("create", "--user", "ada", "--json")
    made = json.loads(output)
    row = await db.apikey.find_first_or_raise()
    assert (code, told, stored(made["key"]), made["id"], made["rateLimit"]) == (0, "", row.key, row.id, 1000)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["create", "--user", "nobody@example.com"], "Error: There is no user nobody@example.com.\nFix:   Name the"),
        (["create", "--user", "a\x00b"], "Error: "),
    ],
)
async def test_no_such_user(run: Run, arguments: list[str], complaint: str):
    code, output, told = await run(*arguments)
    assert (code, output, told.startswith(complaint)) == (1, "", True), told


@pytest.mark.parametrize(
    "arguments", [[], ["create"], ["create", "--user", "a", "--rate-limit", "0"], ["delete"], ["revoke"]]
)
def test_wrong_words(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert (stopped.value.code, "usage: python -m app.keys" in capsys.readouterr().err) == (2, True)
