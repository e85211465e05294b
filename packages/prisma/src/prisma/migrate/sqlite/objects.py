"""Files of SQLite: made, and emptied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from prisma.drivers.sqlite.session import Session

if TYPE_CHECKING:
    from prisma.drivers.sqlite.file_url import FileOptions

# Indexes and triggers go with their tables, and so do the tables behind a virtual one, which comes first therefore.
# Names that begin so are SQLite's own.
_FIRST_OBJECT: Final = """
SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY type = 'view' DESC, sql LIKE 'CREATE VIRTUAL %' DESC LIMIT 1
"""


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
    """Remove all tables and views, or nothing: the schema engine removes their rows alone.

    Raises DriverFault.
    """
    session = Session(options, may_create=True)
    try:
        # Tables can be dropped in any order while nobody looks at the keys between them.
        session.script("PRAGMA foreign_keys = OFF")
        session.begin(None, None)
        while found := session.query(_FIRST_OBJECT, ()):
            kind, name = found[0]
            quoted = str(name).replace('"', '""')
            session.script(f'DROP {"VIEW" if kind == "view" else "TABLE"} "{quoted}"')
        session.commit()
    finally:
        session.close()
