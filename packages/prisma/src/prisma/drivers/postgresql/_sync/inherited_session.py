# Made by tools/async_to_sync.py from drivers/postgresql/_async/inherited_session.py: change that file and run the tool.
"""What replaces a session in a forked process, whose parent still uses the socket."""

from __future__ import annotations

from typing import Final, NoReturn

from prisma.drivers.postgresql._sync.session import Session
from prisma.faults import DriverFault, FaultKind


class InheritedSession:
    """Refuses what would be written to the socket; the rest does nothing, as for a session that is closed."""

    failures: Final[tuple[type[Exception], ...]] = ()

    def __init__(self, session: Session) -> None:
        # Kept for ever, because its finaliser may write to the socket.
        self._kept = session

    def prepare(self, query: str, *, name: str) -> NoReturn:
        raise _refusal()

    def execute(self, query: str) -> NoReturn:
        raise _refusal()

    def cancel(self) -> None: ...

    def close(self, *, timeout: float | None = None) -> None: ...

    def is_closed(self) -> bool:
        return True

    def is_in_transaction(self) -> bool:
        return False

    def terminate(self) -> None: ...

    def leave(self) -> None: ...


def _refusal() -> DriverFault:
    return DriverFault(FaultKind.INHERITED_CONNECTION, {})
