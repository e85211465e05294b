"""What replaces a worker in a forked process, whose parent still uses the connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.drivers.sqlite.session import Session


class InheritedWorker:
    """Refuses every statement: SQLite's connections break when two processes use them."""

    is_busy = False

    async def run(self, function: Callable[..., object], *args: Any) -> NoReturn:
        raise _refusal()

    async def query(self, session: Session, sql: str, args: Sequence[object]) -> NoReturn:
        raise _refusal()

    async def close(self, last: Callable[[], object]) -> None: ...

    def interrupt(self) -> None: ...

    def stop(self, last: Callable[[], object] | None) -> None: ...


def _refusal() -> DriverFault:
    message = "The connection belongs to the process that forked this one."
    return DriverFault(FaultKind.INHERITED_CONNECTION, {"message": message})
