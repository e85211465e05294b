# Made by tools/async_to_sync.py from drivers/mysql/_async/inherited_session.py: change that file and run the tool.
"""What replaces a session in a forked process, whose parent still uses the socket."""

from __future__ import annotations

from typing import NoReturn

from prisma.drivers.mysql._sync.session import SyncSession
from prisma.faults import DriverFault, FaultKind


class InheritedSession:
    """Refuses what would be written to the socket; the rest does nothing, as for a session that is closed."""

    status = 0

    def __init__(self, session: SyncSession) -> None:
        # Kept for ever, because its finaliser may write to the socket.
        self._kept = session

    def is_closed(self) -> bool:
        return True

    def run(self, sql: str, before_last: bool = False) -> NoReturn:
        raise _refusal()

    def open_stream(self, sql: str) -> NoReturn:
        raise _refusal()

    def fetch(self, count: int | None) -> NoReturn:
        raise _refusal()

    def close(self, timeout: float) -> None: ...

    def terminate(self) -> None: ...


def _refusal() -> DriverFault:
    message = "The connection belongs to the process that forked this one."
    return DriverFault(FaultKind.INHERITED_CONNECTION, {"message": message})
