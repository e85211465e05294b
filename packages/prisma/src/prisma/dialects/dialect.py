"""What differs between databases in the SQL that the client itself writes."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


class Dialect(Frozen):
    """One kind of database. Names of savepoints and cursors must be identifiers that need no quotes.

    Attributes:
        system: OpenTelemetry's name for it.
        isolation_levels: Prisma's names of its levels, with the words of its SQL.
        no_such_savepoint: the SQLSTATE for a savepoint that does not exist.
    """

    system: str
    isolation_levels: Mapping[str, str]
    no_such_savepoint: str

    @abstractmethod
    def begin(self, isolation_level: str | None = None) -> str:
        """Return what opens a transaction; KeyError for a level that the database lacks."""
        raise NotImplementedError

    @abstractmethod
    def local_settings(self, settings: Mapping[str, str]) -> str:
        """Return what sets configuration parameters until the end of the transaction."""
        raise NotImplementedError

    def savepoint(self, name: str) -> str:
        """Return what sets a savepoint."""
        return f"SAVEPOINT {name}"

    def release_savepoint(self, name: str) -> str:
        """Return what removes a savepoint and keeps the changes since."""
        return f"RELEASE SAVEPOINT {name}"

    def rollback_to_savepoint(self, name: str) -> str:
        """Return what undoes the changes since a savepoint, which stays."""
        return f"ROLLBACK TO SAVEPOINT {name}"

    @abstractmethod
    def open_cursor(self, name: str, sql: str) -> str:
        """Return what opens a cursor for a statement; its parameters are those of the statement."""
        raise NotImplementedError

    @abstractmethod
    def fetch_cursor(self, name: str, count: int) -> str:
        """Return what reads the next `count` rows of a cursor."""
        raise NotImplementedError

    @abstractmethod
    def close_cursor(self, name: str) -> str:
        """Return what closes a cursor."""
        raise NotImplementedError
