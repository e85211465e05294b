"""`python -m app.keys`: the way in."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from httpx import AsyncClient

from app.auth.keys import stored
from app.keys.__main__ import main
from prisma import Prisma
from prisma.enums import Role

ROOT = Path(__file__).resolve().parent.parent.parent
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(migrated: str, clean_environment: dict[str, str]) -> Run:
    """Run the command on the migrated database; return exit code, output and complaints."""

    def start(*words: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "app.keys", *words], cwd=ROOT, env={**clean_environment, "DATABASE_URL": migrated},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return start


async def test_a_key_that_works(run: Run, http: AsyncClient, db: Prisma):
    await db.user.create(data={"id": "ada", "email": "ada@example.com", "role": Role.ADMIN})
    code, output, told = run("create", "--user", "ada@example.com", "--name", "CI", "--rate-limit", "7")
    key = output.strip()
    answer = await http.get("/api/v1/users", headers={"Authorization": f"Bearer {key}"})
    row = await db.apikey.find_first_or_raise()

    assert (code, answer.status_code) == (0, 200)
    assert told == "A key of ada@example.com (ADMIN). It is shown this once:\n"
    assert (row.key, row.name, row.userId, row.rateLimit) == (stored(key), "CI", "ada", 7)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["create", "--user", "nobody@example.com"], "Error: There is no user nobody@example.com.\nFix:   Name the"),
        (["create", "--user", "a\x00b"], "Error: "),
    ],
)
async def test_no_such_user(
    migrated: str,
    arguments: list[str],
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("DATABASE_URL", migrated)
    code = await asyncio.to_thread(main, arguments)
    printed = capsys.readouterr()
    assert (code, printed.out, printed.err.startswith(complaint)) == (1, "", True), printed.err


@pytest.mark.parametrize("arguments", [[], ["create"], ["create", "--user", "a", "--rate-limit", "0"], ["delete"]])
def test_wrong_words(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert (stopped.value.code, "usage: python -m app.keys" in capsys.readouterr().err) == (2, True)
