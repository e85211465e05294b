"""Why migrations were not applied: Prisma's codes, with the facts as attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.errors import PrismaError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

# Prisma's own pages: they hold the long answer to each refusal.
_BASELINE_PAGE = "https://pris.ly/d/migrate-baseline"
_RESOLVE_PAGE = "https://pris.ly/d/migrate-resolve"
_PROVIDER_PAGE = "https://pris.ly/d/migrate-provider-switch"


class MigrateError(PrismaError):
    """Migrations were not applied.

    Attributes:
        code: the code from Prisma's error reference, e.g. `P3009`.
        migration: the name of the migration that the error is about, if it is about one.
        sqlstate: the database's own code, if the database refused something.
    """

    def __init__(self, code: str, message: str, *, migration: str | None = None, sqlstate: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.migration = migration
        self.sqlstate = sqlstate


def lock_timeout(seconds: int) -> MigrateError:
    """P1002: somebody else is migrating this database."""
    return MigrateError(
        "P1002",
        f"The lock on the database's migrations was not free for {seconds} s. Another process is migrating it: "
        "wait for that, then try again.",
    )


def not_empty(schema: str) -> MigrateError:
    """P3005: there are tables, but no history that tells where they come from."""
    return MigrateError(
        "P3005",
        f"The database schema `{schema}` is not empty and has no migration history. If its tables come from these "
        f"migrations, record that with `prisma migrate resolve --applied NAME` for each; see {_BASELINE_PAGE}",
    )


def failed_before(migration: str, started_at: datetime) -> MigrateError:
    """P3009: an earlier run stopped in the middle of a migration."""
    started = started_at.isoformat(sep=" ", timespec="milliseconds")
    return MigrateError(
        "P3009",
        f"The `{migration}` migration started at {started} failed, so no new migration is applied. Repair the "
        "database, then say so with `prisma migrate resolve --applied` or `--rolled-back` and this name; "
        f"see {_RESOLVE_PAGE}",
        migration=migration,
    )


def script_missing(folder: Path) -> MigrateError:
    """P3015: a folder without its script."""
    return MigrateError(
        "P3015",
        f"There is no migration.sql in {folder}. Restore the file, or delete the folder.",
        migration=folder.name,
    )


def script_unreadable(path: Path) -> MigrateError:
    """P3015: a script that is not text."""
    return MigrateError(
        "P3015", f"{path} can't be read as UTF-8. Save the file in that encoding.", migration=path.parent.name
    )


def failed_now(migration: str, sqlstate: str | None, report: str) -> MigrateError:
    """P3018: the database refused a migration's script."""
    code = f"\nDatabase error code: {sqlstate}" if sqlstate else ""
    return MigrateError(
        "P3018",
        f"A migration failed to apply, and none is applied before that is resolved; see {_RESOLVE_PAGE}\n"
        f"Migration name: {migration}{code}\nDatabase error: {report}",
        migration=migration,
        sqlstate=sqlstate,
    )


def other_provider(provider: str) -> MigrateError:
    """P3019: the migrations were written for another database."""
    return MigrateError(
        "P3019",
        f"migration_lock.toml says that these migrations were written for `{provider}`, but the database is "
        f"PostgreSQL. Start a new history with `prisma migrate dev`; see {_PROVIDER_PAGE}",
    )
