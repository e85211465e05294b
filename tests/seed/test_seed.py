"""The seed: a row in every table, the same at every run, and no row twice."""

from __future__ import annotations

import asyncio
import io
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.seed.example_users import EXAMPLE_USERS
from app.seed.progress import ProgressBar
from app.seed.random_users import random_users
from app.seed.rows import TABLES, rows_of, user
from app.seed.volume import fill_volume
from prisma import Prisma
from prisma.enums import Role
from prisma.migrate import deploy
from servers import PATIENCE

if TYPE_CHECKING:
    from servers.tcp import TcpServer

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
COUNTS = {
    "user": 12,
    "account": 22,
    "session": 12,
    "verificationtoken": 2,
    "apikey": 22,
    "project": 16,
    "subscription": 10,
    "billinginfo": 10,
    "invoice": 30,
    "credit": 32,
    "usagemetric": 168,
    "ratelimit": 10,
}


def seed(url: str, environment: dict[str, str], arguments: Sequence[str] = ()) -> tuple[int, list[str], str]:
    """Run the script and return its exit code, its lines and its complaints."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "prisma_seed.py"), *arguments],
        env={**environment, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [line.strip() for line in done.stdout.splitlines()], done.stderr


def total(counts: dict[str, int]) -> str:
    return "rows now: " + ", ".join(f"{name} {count}" for name, count in counts.items())


async def counts(db: Prisma) -> dict[str, int]:
    return {name: await getattr(db, name).count() for name in COUNTS}


async def test_fills_every_table_once(db: Prisma, migrated: str, clean_environment: dict[str, str]):
    first = seed(migrated, clean_environment)
    rows = await db.user.find_many(order={"id": "asc"}, include={"projects": True, "credits": True})
    second = seed(migrated, clean_environment)

    assert (first[0], first[1][-1], first[2]) == (0, total(COUNTS), "")
    assert (second[0], second[1][-1], second[2]) == (0, total(COUNTS), "")
    assert first[1][1] == "account: 22 new"
    assert second[1][1] == "account: 22 there already"
    again = await db.user.find_many(order={"id": "asc"}, include={"projects": True, "credits": True})
    times = {"updatedAt": rows[0].updatedAt}
    assert [row.model_copy(update=times) for row in again] == [row.model_copy(update=times) for row in rows]


async def test_repairs_people_and_leaves_others_alone(db: Prisma, migrated: str, clean_environment: dict[str, str]):
    seed(migrated, clean_environment)
    await db.user.update(where={"id": "seed_ada"}, data={"name": "Somebody", "role": Role.USER})
    await db.user.create(data={"id": "other", "email": "other@example.com", "name": "Other"})
    await db.project.delete_many(where={"userId": "seed_ada"})

    seed(migrated, clean_environment)

    ada, other = [await db.user.find_unique_or_raise(where={"id": id}) for id in ("seed_ada", "other")]
    assert (ada.name, ada.role, other.name) == ("Ada Okafor", "ADMIN", "Other")
    assert await counts(db) == {**COUNTS, "user": 13}


async def test_if_empty_leaves_a_used_database_alone(db: Prisma, migrated: str, clean_environment: dict[str, str]):
    await db.user.create(data={"email": "first@example.com"})
    assert seed(migrated, clean_environment, ["--if-empty"]) == (0, ["there are users already: nothing to seed"], "")
    assert await db.user.count() == 1


NUMBERS = re.compile(r"[\d,]+(?= (?:new rows|rows/s|s left))")


async def test_volume_and_again(db: Prisma, migrated: str, clean_environment: dict[str, str]):
    code, lines, complaints = seed(migrated, clean_environment, ["--users", "1100"])
    found = await counts(db)
    again = seed(migrated, clean_environment, ["--users", "1100"])

    assert (code, complaints) == (0, "")
    assert [NUMBERS.sub("N", line) for line in lines[12:15]] == [
        "crowd: 500 of 1,100 users, N new rows, N rows/s, N s left",
        "crowd: 1,000 of 1,100 users, N new rows, N rows/s, N s left",
        "crowd: 1,100 of 1,100 users, N new rows, N rows/s",
    ]
    assert (found["user"], found["project"], lines[-1]) == (1112, 16 + 1100, total(found))
    assert (again[0], again[1][14], again[1][-1]) == (0, "crowd: 1,100 of 1,100 users, all there already", total(found))


async def test_volume_goes_on_where_it_was_stopped(db: Prisma, migrated: str):
    """A portion without some of its users is written again, so is the last one, which may lack other rows."""
    await fill_volume(db, 1500, lambda **_: None)
    whole = await counts(db)
    await db.user.delete(where={"id": "seed_crowd000007"})
    await db.project.delete_many(where={"userId": "seed_crowd001499"})
    await db.session.delete_many(where={"userId": "seed_crowd000501"})
    rows: list[int] = []

    await fill_volume(db, 1500, lambda **seen: rows.append(seen["rows"]))

    now = await counts(db)
    assert now == {**whole, "session": whole["session"] - 1}
    # The first portion is written for the user, the second is passed over, the third is the last.
    assert (rows[0] >= 20, rows[1] - rows[0], rows[2] - rows[1]) == (True, 0, 1)


async def test_ctrl_c_is_no_disaster(db: Prisma, migrated: str, clean_environment: dict[str, str]):
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "prisma_seed.py"), "--users=100000",
        env={**clean_environment, "DATABASE_URL": migrated}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        while True:
            if await db.user.count(where={"id": {"startswith": "seed_crowd"}}) >= 500:
                break
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    assert (process.returncode, err.decode()) == (130, "")
    assert out.decode().splitlines()[-1].strip() == ("stopped; run the same command again: it goes on from there.")


async def test_a_server_that_goes_away_is_retried_then_said(tcp_server: TcpServer, clean_environment: dict[str, str]):
    tcp_server.run("CREATE DATABASE volume")
    url = tcp_server.url("volume", connect_timeout="1")
    await deploy(ROOT / "migrations", url)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "prisma_seed.py"), "--users=100000",
        env={**clean_environment, "DATABASE_URL": url}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        while True:
            if int(tcp_server.run("SELECT count(*) FROM users", database="volume")) >= 500:
                break
            await asyncio.sleep(0.05)
        tcp_server.stop("immediate")
        _, err = await process.communicate()
    tcp_server.start()
    written = int(tcp_server.run("SELECT count(*) FROM users", database="volume"))
    tcp_server.run("DROP DATABASE volume WITH (FORCE)")
    error, fix = err.decode().splitlines()
    assert (process.returncode, written >= 500) == (1, True)
    assert error.startswith(("Error: Can't reach database server", "Error: Server has closed the connection"))
    assert fix.startswith("Fix:   ")
    assert fix.endswith("Then run the same command again: it goes on from there.")
    assert tcp_server.password not in err.decode()


def test_the_time_left_after_going_on_is_by_the_pace_of_this_run():
    stream = io.StringIO()
    ProgressBar(stream)(users=1500, of=2000, written=500, rows=13000, seconds=2.0)
    assert stream.getvalue() == "      crowd: 1,500 of 2,000 users, 13,000 new rows, 6,500 rows/s, 2 s left\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal():
    terminal = Terminal()
    bar = ProgressBar(terminal)
    bar(users=500, of=2000, written=500, rows=13000, seconds=2.0)
    bar(users=2000, of=2000, written=2000, rows=52000, seconds=4.0)
    assert terminal.getvalue().split("\x1b[K") == [
        "\r      [#######.......................] crowd: 500 of 2,000 users, 13,000 new rows, 6,500 rows/s, 6 s left",
        "\r      [##############################] crowd: 2,000 of 2,000 users, 52,000 new rows, 13,000 rows/s",
        "\n",
    ]


SECRETS = {"sessionToken", "key"}


def test_the_same_rows_each_time_but_for_what_signs_in():
    people = [*EXAMPLE_USERS, *random_users(range(20))]
    first, second = ({table: rows_of(people, table) for table in TABLES} for _ in range(2))
    differing = {
        name
        for table in TABLES
        for one, other in zip(first[table], second[table], strict=True)
        for name in one
        if repr(one[name]) != repr(other[name])
    }
    assert differing == SECRETS


def test_no_key_twice():
    people = [*EXAMPLE_USERS, *random_users(range(200))]
    rows = {"user": [user(person, 0) for person in people], **{table: rows_of(people, table) for table in TABLES}}
    twice = {
        table: len(found) - len({row.get("id", row.get("token")) for row in found}) for table, found in rows.items()
    }
    assert twice == dict.fromkeys(rows, 0)


FAULTS = {
    "unreachable": ("postgresql://ann:secret@127.0.0.1:1/shop", "Error: Can't reach database server"),
    "other database": (
        "mysql://ann:secret@127.0.0.1/shop",
        "Error: DATABASE_URL can't be used: it does not start",
    ),
}


@pytest.mark.parametrize(("url", "message"), FAULTS.values(), ids=FAULTS)
def test_faults(clean_environment: dict[str, str], url: str, message: str):
    code, lines, complaint = seed(url, clean_environment)
    assert (code, lines) == (1, [])
    assert complaint.startswith(message)
    assert "\nFix:   " in complaint
    assert "Traceback" not in complaint
    assert "secret" not in complaint


def test_a_database_without_migrations(database: str, clean_environment: dict[str, str]):
    code, lines, complaint = seed(database, clean_environment)
    assert (code, lines) == (1, [])
    assert complaint == (
        "Error: The database has no table users: its migrations were not applied.\n"
        "Fix:   Run: prisma migrate deploy, or start with: python -m app\n"
    )


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "99999999"])
def test_a_number_of_users_that_is_none(clean_environment: dict[str, str], number: str):
    code, _, complaint = seed("postgresql://a@b/c", clean_environment, [f"--users={number}"])
    assert code == 2
    assert "is not a whole number from 0 to 1000000" in complaint
