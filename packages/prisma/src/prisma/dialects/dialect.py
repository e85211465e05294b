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
        name: its name in messages.
        system: OpenTelemetry's name for it.
        placeholder_form: what stands for a parameter, with `%d` for its number where the database numbers them.
        bind_limit: the parameters that one statement may have.
        empty_list: what stands after `IN` and `NOT IN` where a list has no elements.
        has_arrays: whether one parameter can hold a list.
        has_booleans: whether drivers give booleans as such, not as 0 and 1.
        has_typed_columns: whether all values of a column have the column's type.
        isolation_levels: Prisma's names of its levels, with the words of its SQL.
        no_such_savepoint: the SQLSTATE for a savepoint that does not exist.
    """

    name: str
    system: str
    placeholder_form: str
    bind_limit: int
    empty_list: str
    has_arrays: bool
    has_booleans: bool
    has_typed_columns: bool
    isolation_levels: Mapping[str, str]
    no_such_savepoint: str

    def placeholder(self, number: int) -> str:
        """Return what stands for the parameter with this number, from 1."""
        return self.placeholder_form % number if self.is_numbered else self.placeholder_form

    @property
    def is_numbered(self) -> bool:
        """Whether placeholders have numbers."""
        return "%d" in self.placeholder_form

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
