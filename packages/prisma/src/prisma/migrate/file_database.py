"""Databases that are files: made, and emptied, before the schema engine works on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from prisma.drivers.sqlite.session import Session

if TYPE_CHECKING:
    from prisma.drivers.sqlite.file_url import FileOptions

# Indexes and triggers go with their tables; names that begin so are SQLite's own.
_OBJECTS: Final = (
    "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


def create_file(options: FileOptions) -> bool:
    """Make the file, and its folder, unless it exists; say whether it was made.

    Raises DriverFault, OSError.
    """
    path = Path(options.path)
    if options.is_memory or path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    Session(options, may_create=True).close()
    return True


def empty_file(options: FileOptions) -> None:
    """Remove all tables and views: the schema engine removes their rows alone.

    Raises DriverFault.
    """
    session = Session(options, may_create=True)
    try:
        # Tables can be dropped in any order while nobody looks at the keys between them.
        session.script("PRAGMA foreign_keys = OFF")
        session.begin(None, None)
        for kind, name in session.query_raw(_OBJECTS, ()).rows:
            quoted = str(name).replace('"', '""')
            session.script(f'DROP {"VIEW" if kind == "view" else "TABLE"} "{quoted}"')
        session.commit()
    finally:
        session.close()
