# Made by tools/async_to_sync.py from drivers/postgresql/_async/session.py: change that file and run the tool.
"""The protocol of sessions: the methods that a connection needs from asyncpg or psycopg."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prisma.drivers.postgresql.companions import Companions
    from prisma.drivers.postgresql.description import Columns, Description
    from prisma.drivers.postgresql.parameters import Parameters
    from prisma.faults import DriverFault


class PreparedStatement(Protocol):
    """A statement that the server has parsed and described."""

    @property
    def name(self) -> bytes:
        """Its name on the server; empty if it is not kept there."""
        ...

    def fetch(self, *args: Any) -> list[Any]:
        """Run it and return its rows as mappings."""
        ...

    @property
    def columns(self) -> Columns:
        """The columns of its result; known after the first run."""
        ...

    def get_statusmsg(self) -> str | None: ...


class Session(Protocol):
    """A library's connection; it also tells failures apart, because each library has its own exceptions."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """The exceptions that its methods raise."""
        ...

    def prepare(self, query: str, *, name: str) -> Any:
        """Return a PreparedStatement; without a name, nothing of it stays on the server."""
        ...

    def parameters_of(self, prepared: Any) -> Parameters: ...

    def description_of(self, prepared: Any) -> Description: ...

    def fetch_plain(self, prepared: Any, values: Sequence[object]) -> list[Any]:
        """Run a prepared statement and return its rows as sequences."""
        ...

    @property
    def takes_companions(self) -> bool:
        """Whether `fetch_along` is possible."""
        ...

    def fetch_along(
        self,
        prepared: Any,
        values: Sequence[object],
        companions: Companions,
        sent: Callable[[], None],
        *,
        plain: bool,
    ) -> list[Any]:
        """Run a kept statement with its companions, in one message; rows are sequences if `plain`, else mappings.

        `sent` is called when the message is written.

        Raises:
            Unsent: a value can't be encoded; nothing was sent.
        """
        ...

    def execute(self, query: str) -> str:
        """Run SQL by the simple protocol and return the status of its last statement."""
        ...

    def within(self, seconds: float) -> AbstractContextManager[object]:
        """Raise TimeoutError where the statements of a block take longer."""
        ...

    def cancel(self) -> None:
        """Ask the server to end the statement that runs."""
        ...

    def fault(self, error: BaseException) -> DriverFault:
        """Return the fault for one of `failures`."""
        ...

    def is_report(self, error: BaseException) -> bool:
        """Tell whether a failure is the server's own report, which ends the statement."""
        ...

    def is_late(self, error: BaseException) -> bool:
        """Tell whether a failure came after the statement had been executed."""
        ...

    def is_gone(self, error: BaseException) -> bool:
        """Tell whether the server refused to begin a kept statement, as it has dropped or outgrown it."""
        ...

    def is_outdated(self, error: BaseException) -> bool:
        """Tell whether a kept statement may have failed before it began because it is older than the schema."""
        ...

    def is_closed(self) -> bool: ...

    def is_in_transaction(self) -> bool: ...

    def terminate(self) -> None: ...

    def leave(self) -> None: ...

    def close(self, *, timeout: float | None = None) -> None: ...
