"""`python -m app.users`: the first ADMIN, once, and addresses that Auth.js does not find."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient

from app.users.__main__ import main
from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Run

PROGRAM = "app.users"
ADMIN = ("create", "--email", "Ada@Example.com", "--admin")
AGAIN = (
    "There is a key already, which can't be shown again. "
    "For another one: {}python -m app.keys create --user ada@example.com\n"
)


async def test_the_first_admin_gets_a_key_once(
    program: Run, run: Run, http: AsyncClient, db: Prisma, monkeypatch: pytest.MonkeyPatch
):
    code, output, told = await program(*ADMIN, "--name", "Ada")
    again = await run(*ADMIN)
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    by_uv = await run(*ADMIN)
    answer = await http.get("/api/v1/users?fields=email,name,role", headers={"X-API-Key": output.strip()})
    assert (code, told) == (0, "ada@example.com (ADMIN) was created.\nThe API key is shown this once:\n")
    assert answer.json()["items"] == [{"email": "ada@example.com", "name": "Ada", "role": "ADMIN"}]
    assert again == (0, "", "ada@example.com (ADMIN) exists already.\n" + AGAIN.format(""))
    assert by_uv == (0, "", "ada@example.com (ADMIN) exists already.\n" + AGAIN.format("uv run "))
    assert await db.apikey.count() == 1


async def test_at_the_same_time(program: Run, db: Prisma):
    done = await asyncio.gather(*(program(*ADMIN, "--json") for _ in range(3)))
    answers = [json.loads(output) for _, output, _ in done]
    assert [code for code, _, _ in done] == [0, 0, 0]
    assert sorted((answer["created"], answer["key"] is None) for answer in answers) == [
        (False, True), (False, True), (True, False),
    ]  # fmt: skip
    assert (await db.user.count(), await db.apikey.count()) == (1, 1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (Role.PREMIUM, "Ada@Example.com (PREMIUM) exists already.")),
        (["--admin"], (Role.ADMIN, "Ada@Example.com (ADMIN) exists already, and was PREMIUM before.")),
        (["--role", "USER"], (Role.USER, "Ada@Example.com (USER) exists already, and was PREMIUM before.")),
    ],
)
async def test_a_user_who_is_there(run: Run, db: Prisma, words: list[str], expected: Any):
    """As it was written before addresses were lowercased; sample data have such users without a usable key, too."""
    await db.user.create({"id": "ada", "email": "Ada@Example.com", "name": "Ada", "role": Role.PREMIUM})
    code, output, told = await run("create", "--email", "ada@example.com", "--name", "X", *words)
    user = await db.user.find_first_or_raise()
    assert (code, output.startswith("ain_")) == (0, True)
    assert (user.role, told.splitlines()[0]) == expected
    assert (user.id, user.name) == ("ada", "Ada")


@pytest.mark.parametrize(
    ("email", "complaint"),
    [
        ("nobody", "Error: nobody is not an e-mail address.\nFix:   Write it as NAME@example.com.\n"),
        (
            "bea@example.com",
            "Error: Several users have the address bea@example.com.\nFix:   See: python -m app.users clashes\n",
        ),
    ],
)
async def test_no_user_is_made(run: Run, db: Prisma, email: str, complaint: str):
    for written in ("bea@example.com", "Bea@example.com"):
        await db.user.create({"email": written})
    found = await run("create", "--email", email)
    assert found == (1, "", complaint)
    assert (await db.user.count(), await db.apikey.count()) == (2, 0)


async def test_clashes(run: Run, db: Prisma):
    clean = await run("clashes")
    made = datetime(2026, 11, 1, 10, tzinfo=UTC)
    for id, email in (("1", "bea@example.com"), ("2", "Bea@Example.com"), ("3", "Ada@Example.com"), ("4", "c@d.com")):
        await db.user.create({"id": id, "email": email, "createdAt": made.replace(day=int(id))})
    code, table, _ = await run("clashes")
    code_json, output, _ = await run("clashes", "--json")
    assert clean == (0, "", "Every address is in small letters, and belongs to one user.\n")
    assert [(row["id"], row["address"], row["problem"]) for row in json.loads(output)] == [
        ("3", "ada@example.com", "has capital letters"),
        ("1", "bea@example.com", "several users have it"),
        ("2", "bea@example.com", "several users have it"),
    ]
    assert (code, code_json) == (1, 1)
    assert [line.split() for line in table.splitlines()[1:2]] == [
        ["ada@example.com", "Ada@Example.com", "3", "USER", "2026-11-03", "10:00", "has", "capital", "letters"]
    ]


@pytest.mark.parametrize(
    "arguments",
    [[], ["create"], ["create", "--email", "a@b.com", "--role", "KING"], [*ADMIN, "--role", "USER"], ["clashes", "x"]],
)
def test_wrong_words(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert (stopped.value.code, "usage: python -m app.users" in capsys.readouterr().err) == (2, True)
