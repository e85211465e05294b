"""Reads the migrations folder: a sub-folder for each migration, applied in the order of their names."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

from prisma.frozen import Frozen
from prisma.migrate import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SCRIPT_NAME = "migration.sql"
LOCK_NAME = "migration_lock.toml"


class Migration(Frozen):
    """One migration: the name of its folder, and its script."""

    name: str
    script: str

    @property
    def checksum(self) -> str:
        """The SHA-256 of the script in hexadecimal, as the history holds it."""
        return _sha256(self.script)

    def matches(self, checksum: str) -> bool:
        """Tell whether `checksum` belongs to this script; the two ways to end a line count as equal."""
        unix = self.script.replace("\r\n", "\n")
        return checksum in (self.checksum, _sha256(unix), _sha256(unix.replace("\n", "\r\n")))


def migration_names(folder: Path) -> list[str]:
    """Return the names of the migrations in `folder`, oldest first; none where there is no such folder."""
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []


def read_migrations(folder: Path, names: Iterable[str]) -> list[Migration]:
    """Return these migrations of `folder`.

    Raises:
        MigrateError: P3015 for a migration without a readable script.
    """
    return [_read(folder / name) for name in names]


def check_provider(folder: Path, wanted: Sequence[str]) -> None:
    """Make sure that the migrations in `folder` are for the database whose words are `wanted`.

    Raises:
        MigrateError: P3019, they were written for another database.
    """
    provider = provider_of(folder)
    if provider is not None and provider not in wanted:
        raise errors.other_provider(provider, wanted[0])


def provider_of(folder: Path) -> str | None:
    """Return the word for the database that the migrations in `folder` were written for, if there is one.

    Raises:
        MigrateError: P3019, the file that says so can't be read.
    """
    try:
        provider = tomllib.loads(read_lock(folder) or "").get("provider")
    except ValueError as error:
        raise errors.provider_unreadable(folder / LOCK_NAME, str(error)) from error
    return None if provider is None else str(provider)


def read_lock(folder: Path) -> str | None:
    """Return the text of the file that names the provider of the migrations in `folder`, if there is one."""
    lock = folder / LOCK_NAME
    return lock.read_text(encoding="utf-8") if lock.is_file() else None


def has_script(folder: Path, name: str) -> bool:
    """Tell whether a migration has its script."""
    return (folder / name / SCRIPT_NAME).is_file()


def _read(folder: Path) -> Migration:
    path = folder / SCRIPT_NAME
    if not path.is_file():
        raise errors.script_missing(folder)
    try:
        # Bytes, because text mode would change line ends, and with them the checksum.
        return Migration(folder.name, path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise errors.script_unreadable(path) from error


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
