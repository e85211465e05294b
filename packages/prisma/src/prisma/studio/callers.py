"""The browsers that are connected: how long each may take to ask, and whether it still waits for its answer."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

MAX_CALLERS: Final = 64  # connections at a time; a browser opens six
IDLE_TIME: Final = 60.0  # seconds to begin a request
REQUEST_TIME: Final = 20.0  # seconds for the rest of it


class ConnectedCaller:
    """A browser's connection; see `prisma.studio.answers.Caller`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline: float | None = None
        self._cancel: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._is_gone = False

    @property
    def is_gone(self) -> bool:
        return self._is_gone

    def must_speak_within(self, seconds: float | None) -> None:
        """End the connection unless this is called again within so many seconds; None stops the clock."""
        self._deadline = None if seconds is None else time.monotonic() + seconds

    @contextmanager
    def waits_for(self, cancel: Callable[[], None]) -> Generator[None]:
        with self._lock:
            self._cancel = cancel
        try:
            yield
        finally:
            with self._lock:
                self._cancel = None

    def look(self) -> None:
        """End the connection if its time is over; cancel what is being done for it if the browser has gone."""
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._deadline = None
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
        if self._cancel is not None and not self._is_gone and self._has_hung_up():
            self._is_gone = True
            threading.Thread(target=self._stop, daemon=True).start()

    def stop(self) -> None:
        """Cancel what is being done for the browser."""
        self._is_gone = True
        self._stop()

    def _stop(self) -> None:
        # Under the lock, so that the statement which is cancelled is this caller's.
        with self._lock, contextlib.suppress(DriverFault, OSError):
            if self._cancel is not None:
                self._cancel()

    def _has_hung_up(self) -> bool:
        try:
            readable = select.select([self._connection], [], [], 0)[0]
            return bool(readable) and not self._connection.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True


class Callers:
    """All connections, at most MAX_CALLERS."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callers: dict[socket.socket, ConnectedCaller] = {}

    def has_room(self) -> bool:
        return len(self._callers) < MAX_CALLERS

    @contextmanager
    def connected(self, connection: socket.socket) -> Generator[ConnectedCaller]:
        """Watch a connection for the length of the block."""
        caller = ConnectedCaller(connection)
        with self._lock:
            self._callers[connection] = caller
        try:
            yield caller
        finally:
            with self._lock:
                del self._callers[connection]

    def look(self) -> None:
        """Look after every connection; called a few times a second."""
        for caller in self._all():
            caller.look()

    def stop(self) -> None:
        """Cancel everything that is being done."""
        for caller in self._all():
            caller.stop()

    def _all(self) -> list[ConnectedCaller]:
        with self._lock:
            return list(self._callers.values())
