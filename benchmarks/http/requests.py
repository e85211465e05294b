"""The requests that are measured, the users that send them, and their content in the database."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from app.auth.keys import new_key, stored

USERS: Final = 50  # each with a key, and with a client at work
PROJECTS: Final = 60  # of each user: three pages
HOURLY: Final = 2_000_000_000  # requests that a key may make, so that the limits count and never refuse

_CONTENT: Final = """
INSERT INTO users (id, email, name, "updatedAt")
SELECT 'caller-' || i, 'caller-' || i || '@example.com', 'Caller ' || i, now() FROM generate_series(0, $1::int - 1) i
"""
_KEYS: Final = """
INSERT INTO api_keys (id, key, name, "userId", "rateLimit")
SELECT 'caller-key-' || i, ($1::text[])[i + 1], 'Benchmark', 'caller-' || i, $2::int
FROM generate_series(0, cardinality($1::text[]) - 1) i
"""
_PROJECTS: Final = """
INSERT INTO projects (id, name, description, "userId", settings, "createdAt", "updatedAt")
SELECT 'caller-project-' || i || '-' || p, 'Project ' || p, 'One of many', 'caller-' || i, '{"theme": "dark"}',
       timestamp '2025-04-01' + p * interval '1 minute', timestamp '2025-04-02'
FROM generate_series(0, $1::int - 1) i, generate_series(1, $2::int) p
"""
_FORGET: Final = "DELETE FROM projects WHERE name = 'Made by the benchmark'"
_FORGET_KEYS: Final = "DELETE FROM service.idempotency_keys"


@dataclass(frozen=True)
class Workload:
    """One kind of request: `make` returns its bytes for a user."""

    name: str
    title: str
    make: Callable[[Caller], bytes]
    status: int = 200
    writes: bool = False


@dataclass(frozen=True)
class Caller:
    """A user with a key."""

    id: str
    key: str

    def head(self, method: str, target: str, *more: str) -> str:
        lines = (f"{method} {target} HTTP/1.1", "Host: localhost", f"X-User: {self.id}", f"X-API-Key: {self.key}")
        return "\r\n".join((*lines, "Accept: application/json", *more, "", ""))


def _read(caller: Caller) -> bytes:
    return caller.head("GET", f"/api/v1/users/{caller.id}").encode()


def _list(caller: Caller) -> bytes:
    return caller.head("GET", "/api/v1/projects").encode()


_BODY: Final = '{"name": "Made by the benchmark"}'
_numbers = itertools.count()


def _create(caller: Caller) -> bytes:
    key = f"{next(_numbers)}-{uuid.uuid4().hex}"
    more = ("Content-Type: application/json", f"Content-Length: {len(_BODY)}", f"Idempotency-Key: {key}")
    return (caller.head("POST", "/api/v1/projects", *more) + _BODY).encode()


WORKLOADS: Final = (
    Workload("one", "GET one user", _read),
    Workload("list", "GET a list of 20 projects", _list),
    Workload("post", "POST a project with an Idempotency-Key", _create, 201, writes=True),
)


async def prepare(admin: Any) -> list[Caller]:
    """Insert the users with their keys and projects, and return them."""
    callers = [Caller(f"caller-{number}", new_key()) for number in range(USERS)]
    await admin.execute(_CONTENT, USERS)
    await admin.execute(_KEYS, [stored(caller.key) for caller in callers], HOURLY)
    await admin.execute(_PROJECTS, USERS, PROJECTS)
    await admin.execute("VACUUM ANALYZE")
    return callers


async def restore(admin: asyncpg.Connection) -> None:
    """Remove what the workloads have written, and what it left in the tables."""
    await admin.execute(_FORGET)
    await admin.execute(_FORGET_KEYS)
    for table in ("projects", "service.idempotency_keys", "rate_limits"):
        await admin.execute(f"VACUUM {table}")
