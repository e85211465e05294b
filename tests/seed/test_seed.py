"""The seed: a row in every table, the same ones each time, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.seed.crowd import crowd
from app.seed.people import PEOPLE
from app.seed.rows import TABLES, rows_of, user
from prisma import Prisma
from prisma.enums import Role

if TYPE_CHECKING:
    pass

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
    assert first[1][1] == "account: 22 new, 0 there already"
    assert second[1][1] == "account: 0 new, 22 there already"
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


async def test_volume(db: Prisma, migrated: str, clean_environment: dict[str, str]):
    code, lines, complaints = seed(migrated, clean_environment, ["--users", "1100"])

    assert (code, complaints) == (0, "")
    assert lines[12:15] == ["crowd: 500 of 1100 users", "crowd: 1000 of 1100 users", "crowd: 1100 of 1100 users"]
    found = await counts(db)
    assert (found["user"], found["project"], lines[-1]) == (1112, 16 + 1100, total(found))


SECRETS = {"sessionToken", "key"}


def test_the_same_rows_each_time_but_for_what_signs_in():
    people = [*PEOPLE, *crowd(range(20))]
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
    people = [*PEOPLE, *crowd(range(200))]
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
