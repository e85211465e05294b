"""What differs between databases in the SQL that the client itself writes."""

from __future__ import annotations

from abc import abstractmethod
from enum import StrEnum
from typing import TYPE_CHECKING

from prisma.faults import DriverFault, FaultKind
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


class Feature(StrEnum):
    """What some databases have and others lack, among the arguments of calls; the values name them in messages."""

    RETURNING = "create_many_and_return"
    """Returning the rows that a statement has written."""
    INSENSITIVE = "mode"
    """Comparison without case."""
    FULL_TEXT = "search"
    """Full-text search, and ordering by its relevance."""
    SKIP_DUPLICATES = "create_many_skip_duplicates"
    """Leaving out rows that exist."""
    JSON_ARRAYS = "array_contains"
    """Conditions on the elements of a JSON array."""
    JSON_ORDER = "lt"
    """Comparison of JSON values by size."""
    JSON_PATH_LISTS = "path"
    """Paths into JSON as lists of keys, where others take `$.key[0]`."""


class TimestampFormat(StrEnum):
    """How a database without a type for moments stores them, in the words of Prisma's JavaScript adapters."""

    MILLISECONDS = "unixepoch-ms"
    ISO_TEXT = "iso8601"


class Dialect(Frozen):
    """One kind of database. Names of savepoints and cursors must be identifiers that need no quotes.

    Attributes:
        name: its name in messages.
        compiler_module: the query compiler's module for it.
        compiler_word: the query compiler's word for it.
        joins: whether related rows can be read in the same statement, unless the server tells otherwise.
        chooses_joins: whether the client chooses when they are, for a schema that leaves it open.
        system: OpenTelemetry's name for it.
        placeholder_form: what stands for a parameter, with `%d` for its number where the database numbers them.
        bind_limit: the parameters that one statement may have.
        empty_list: what stands after `IN` and `NOT IN` where a list has no elements.
        json_list: what stands after `IN` for a list that one parameter, `{}`, holds as JSON; None where none can.
        is_file: whether a database is a file, which programs open themselves.
        has_replicas: whether a client can ask replicas how far they are behind.
        has_arrays: whether one parameter can hold a list.
        has_booleans: whether drivers give booleans as such, not as 0 and 1.
        has_typed_parameters: whether a parameter gets the type of what it is compared with.
        has_typed_columns: whether all values of a column have the column's type.
        features: which of the optional arguments it knows.
        isolation_levels: Prisma's names of its levels, with the words of its SQL.
        no_such_savepoint: the SQLSTATE for a savepoint that does not exist.
        timestamp_format: how moments are stored; None where the database has a type for them.
    """

    name: str
    compiler_module: str
    compiler_word: str
    joins: bool
    chooses_joins: bool
    system: str
    placeholder_form: str
    bind_limit: int
    empty_list: str
    json_list: str | None
    is_file: bool
    has_replicas: bool
    has_arrays: bool
    has_booleans: bool
    has_typed_parameters: bool
    has_typed_columns: bool
    features: frozenset[Feature]
    isolation_levels: Mapping[str, str]
    no_such_savepoint: str
    timestamp_format: TimestampFormat | None = None

    def placeholder(self, number: int) -> str:
        """Return what stands for the parameter with this number, from 1."""
        return self.placeholder_form % number if self.is_numbered else self.placeholder_form

    @property
    def is_numbered(self) -> bool:
        """Whether placeholders have numbers."""
        return "%d" in self.placeholder_form

    def storing_moments(self, timestamp_format: TimestampFormat | None) -> Dialect:
        """Return the dialect for a database that stores moments in this form; itself for None."""
        if timestamp_format in {None, self.timestamp_format}:
            return self
        return self.__replace__(timestamp_format=timestamp_format)

    @property
    def whole_json(self) -> str:
        """The path to the whole of a document, as JSON."""
        return "[]" if Feature.JSON_PATH_LISTS in self.features else '"$"'

    @abstractmethod
    def begin(self, isolation_level: str | None = None) -> str:
        """Return what opens a transaction; KeyError for a level that the database lacks."""
        raise NotImplementedError

    def begin_to_read(self) -> str:
        """Return what opens a transaction that only reads."""
        return self.begin()

    def local_settings(self, settings: Mapping[str, str]) -> str:
        """Return what sets configuration parameters until the end of the transaction; DriverFault where none exist."""
        message = f"{self.name} has no settings of a transaction; {next(iter(settings), '')!r} was given."
        raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message})

    def set_local(self, count: int) -> str:
        """Return the same for `count` settings as a statement without rows, whose parameters are names and values."""
        message = f"{self.name} has no settings of a transaction; {count} were given."
        raise DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message})

    def savepoint(self, name: str) -> str:
        """Return what sets a savepoint."""
        return f"SAVEPOINT {name}"

    def release_savepoint(self, name: str) -> str:
        """Return what removes a savepoint and keeps the changes since."""
        return f"RELEASE SAVEPOINT {name}"

    def rollback_to_savepoint(self, name: str) -> str:
        """Return what undoes the changes since a savepoint, which stays."""
        return f"ROLLBACK TO SAVEPOINT {name}"

    def fetch_cursor(self, name: str, count: int) -> str:
        """Return what reads the next `count` rows of a cursor."""
        return f"FETCH FORWARD {count:d} FROM {name}"

    def close_cursor(self, name: str) -> str:
        """Return what closes a cursor."""
        return f"CLOSE {name}"
