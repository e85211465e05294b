"""A worker: for threads the caller's own thread, which waits while SQLite works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from prisma.drivers.sqlite.session import Session

T = TypeVar("T")


class Worker:
    """Runs functions in the thread that calls.

    Attributes:
        is_busy: never; see the worker of asyncio.
    """

    __slots__ = ("interrupt",)

    interrupt: Callable[[], None]
    """Give up what is asked for; of the session that is watched."""

    is_busy = False

    def run(self, function: Callable[..., T], *args: Any) -> T:
        """Return what the function returns."""
        return function(*args)

    def query(self, session: Session, sql: str, args: Sequence[object]) -> Sequence[Any]:
        """Return the rows of a statement."""
        return session.query(sql, args)

    def watch(self, session: Session) -> None:
        """Be able to interrupt what the session runs, from other threads."""
        self.interrupt = session.interrupt

    def close(self, last: Callable[[], object]) -> None:
        """Do what is left."""
        last()

    def stop(self, last: Callable[[], object] | None) -> None:
        """Do what is left; there is no thread to end."""
        if last is not None:
            last()
