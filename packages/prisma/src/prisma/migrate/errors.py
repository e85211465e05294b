"""The errors of migrations, with Prisma's codes and words, which programs read, and the facts as attributes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prisma.errors import PrismaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Prisma's pages that explain the errors.
_BASELINE_PAGE = "https://pris.ly/d/migrate-baseline"
_LOCK_PAGE = "https://pris.ly/d/migrate-advisory-locking"
_RESOLVE_PAGE = "https://pris.ly/d/migrate-resolve"
_SHADOW_PAGE = "https://pris.ly/d/migrate-shadow"
_PROVIDER_PAGE = "https://pris.ly/d/migrate-provider-switch"

_EXAMPLE = '(example: "20201207184859_initial_migration")'


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


def lock_timeout(lock: str, seconds: int) -> MigrateError:
    """P1002: another process is migrating this database."""
    return MigrateError(
        "P1002",
        "The database server was reached but timed out.\n\nPlease try again.\n\n"
        f"Context: Timed out trying to acquire {lock}. "
        f"Timeout: {seconds * 1000}ms. See {_LOCK_PAGE} for details.",
    )


def not_empty() -> MigrateError:
    """P3005: there are tables, but no history of migrations."""
    return MigrateError(
        "P3005",
        "The database schema is not empty. Read more about how to baseline an existing production database: "
        f"{_BASELINE_PAGE}",
    )


def failed_before(attempts: Sequence[tuple[str, datetime]]) -> MigrateError:
    """P3009: earlier runs stopped in the middle of migrations; `attempts` are their names and when they began."""
    lines = [f"The `{name}` migration started at {_moment(began)} failed" for name, began in attempts]
    return MigrateError(
        "P3009",
        "migrate found failed migrations in the target database, new migrations will not be applied. Read more about "
        "how to resolve migration issues in a production database: " + "\n".join([_RESOLVE_PAGE, *lines]),
        migration=attempts[0][0],
    )


def in_force_already(migration: str) -> MigrateError:
    """P3008: the migration is in the history as applied already."""
    return MigrateError(
        "P3008", f"The migration `{migration}` is already recorded as applied in the database.", migration=migration
    )


def never_applied(migration: str) -> MigrateError:
    """P3011: the migration was never applied, so it can't be rolled back."""
    return MigrateError(
        "P3011",
        f"Migration `{migration}` cannot be rolled back because it was never applied to the database. "
        f"Hint: did you pass in the whole migration name? {_EXAMPLE}",
        migration=migration,
    )


def not_failed(migration: str) -> MigrateError:
    """P3012: the migration did not fail, so it can't be rolled back."""
    return MigrateError(
        "P3012",
        f"Migration `{migration}` cannot be rolled back because it is not in a failed state.",
        migration=migration,
    )


def unknown(migration: str) -> MigrateError:
    """P3017: there is no such migration in the folder."""
    return MigrateError(
        "P3017",
        f"The migration {migration} could not be found. Please make sure that the migration exists, "
        f"and that you included the whole name of the directory. {_EXAMPLE}",
        migration=migration,
    )


def no_shadow_database(reason: str) -> MigrateError:
    """P3014: the server did not let a shadow database be created."""
    return MigrateError(
        "P3014",
        "Prisma Migrate could not create the shadow database. Please make sure the database user has permission to "
        "create databases, or give the datasource a shadowDatabaseUrl. "
        f"Read more about the shadow database (and workarounds) at {_SHADOW_PAGE}\n\nOriginal error:\n{reason}",
    )


def script_missing(folder: Path) -> MigrateError:
    """P3015: a folder without its script."""
    return MigrateError(
        "P3015",
        f"Could not find the migration file at {folder / 'migration.sql'}. "
        "Please delete the directory or restore the migration file.",
        migration=folder.name,
    )


def script_unreadable(path: Path) -> MigrateError:
    """P3015: a script that is not text."""
    return MigrateError(
        "P3015",
        f"The migration file at {path} can't be read as UTF-8. Save it in that encoding.",
        migration=path.parent.name,
    )


def failed_now(migration: str, code: str | None, said: str) -> MigrateError:
    """P3018: the database refused a migration's script, with its own code and in these words."""
    opening = (
        "A migration failed to apply. New migrations cannot be applied before the error is recovered from. "
        f"Read more about how to resolve migration issues in a production database: {_RESOLVE_PAGE}"
    )
    codes = [f"Database error code: {code}"] if code else []
    parts = [opening, f"Migration name: {migration}", *codes, f"Database error:\n{said}"]
    return MigrateError("P3018", "\n\n".join(parts), migration=migration, sqlstate=code)


def other_provider(provider: str, wanted: str) -> MigrateError:
    """P3019: the migrations were written for another database."""
    return MigrateError(
        "P3019",
        f"The datasource provider `{wanted}` specified in your schema does not match the one specified in the "
        f"migration_lock.toml, `{provider}`. Please remove your current migration directory and start a new migration "
        f"history with prisma migrate dev. Read more: {_PROVIDER_PAGE}",
    )


def provider_unreadable(lock: Path, reason: str) -> MigrateError:
    """P3019: the file that names the provider can't be read, for example for the marks of a merge."""
    return MigrateError(
        "P3019",
        f"The file {lock}, which names the provider of the migrations, can't be read: {reason}. "
        "Restore it, or delete it: the next prisma migrate dev that creates a migration writes it anew.",
    )


def shadow_refused(said: str, report: Mapping[str, object]) -> str:
    """Return the engine's message about a migration in the shadow database, with the words of the database.

    The engine replaces some of them by poorer ones; `report` holds the fields of the fault.
    """
    opening, separator, _ = said.partition("\nError:\n")
    facts = [str(report.get("message"))]
    facts += [f"{name.upper()}: {report[name]}" for name in ("detail", "hint", "where") if report.get(name)]
    return "\n".join([f"{opening}{separator}{facts[0]}", *facts[1:]]) if separator else said


def _moment(moment: datetime) -> str:
    """Return a time as Prisma writes it: with as few groups of three digits behind the second as it takes."""
    moment = moment.astimezone(UTC)
    digits = f"{moment.microsecond:06d}".removesuffix("000") if moment.microsecond else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{'.' if digits else ''}{digits} UTC"
