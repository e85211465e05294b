"""A project with a database file, in which one of the two command lines runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Final

from .official import Official
from .twin import Twin

_PARTS: Final = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE {} ORDER BY 1"
_OURS: Final = "name NOT LIKE 'sqlite!_%' ESCAPE '!'"


class FileTwin(Twin):
    """A project's folder, its file beside it, and the command line that works on them; see `Twin`."""

    def __init__(self, folder: Path, file: Path, official: Official, ours: Collection[str] = ()) -> None:
        super().__init__(folder, f"file:{file}", "", official, ours)
        self._file = file
        self.empty()

    def execute(self, sql: str) -> None:
        with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
            # The rows are written for PostgreSQL, too.
            connection.create_function("now", 0, lambda: "2024-01-01 00:00:00")
            connection.executescript(sql)

    def empty(self) -> None:
        """Begin with a new file, which exists as those that commands make do."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        self._file.touch()

    def tables(self) -> list[str]:
        with closing(sqlite3.connect(self._file)) as connection:
            return [line for (text,) in connection.execute(_PARTS.format(_OURS)) for line in text.splitlines()]
