"""What Studio asks of a database: `studio.postgresql` and `studio.sqlite` have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

MAX_RESULT: Final = 64 * 2**20
"""Bytes of rows in one answer; the page shows a page of rows at a time, and its SQL view is no place for more."""
LEFT_OPEN: Final = "A transaction can't stay open from one statement to the next here, so it is rolled back."


class Query(NamedTuple):
    """A statement of the page.

    Attributes:
        parameters: values of JSON.
        transformations: what is to be made of a column's values, by its name: `json-parse`.
    """

    sql: str
    parameters: list[object]
    transformations: Mapping[str, str]


class Caller(Protocol):
    """The browser that waits for an answer; if it goes away, what is being done for it is cancelled."""

    @property
    def is_gone(self) -> bool:
        """Whether it has gone away, so that something was cancelled."""
        ...

    def waits_for(self, cancel: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `cancel`, from another thread, if the caller goes away during the block."""
        ...


class StudioConnection(Protocol):
    """A connection for one request; DriverFault says what the database refused.

    `schema` is the one that is chosen in the page, if any is.
    """

    def query(self, query: Query, schema: str | None) -> str:
        """Run a statement, and return its rows as JSON: a list of objects by column name."""
        ...

    def transaction(self, queries: Sequence[Query]) -> str:
        """Run statements in one transaction, and return a JSON list of their rows."""
        ...

    def lint(self, sql: str, schema: str | None) -> list[dict[str, Any]]:
        """Return what is wrong with SQL, as the page's editor takes it; nothing is executed."""
        ...


class StudioDatabase(Protocol):
    """The database that Studio shows."""

    @property
    def adapter(self) -> str:
        """The page's word for the kind of database."""
        ...

    @property
    def product(self) -> str:
        """What the database runs on, for messages; the errors of the page are named after it."""
        ...

    @property
    def start_schema(self) -> str | None:
        """The schema that is opened first; None for the page's own choice."""
        ...

    def connection(self, caller: Caller) -> AbstractContextManager[StudioConnection]:
        """Open a connection; what is under way is cancelled if the caller goes away."""
        ...
