"""Time limits for slow callers, and a limit on the number of connections.

uvicorn waits without limit for a request's headers and its body. A caller that sends neither would hold a file
descriptor for ever, and without descriptors the service can't accept requests.

1. Headers must arrive within HEADER_TIMEOUT after connecting, or after the last answer.
2. A body must arrive at MIN_RATE or faster, checked every BODY_INTERVAL, unless the service itself reads it slowly.
3. At the limit, a new connection replaces the one that has waited longest for its headers.
"""

from __future__ import annotations

import logging
import sys
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar

from app.process.malformed_requests import StrictProtocol

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger(__name__)

RESERVED = 128  # descriptors for connections to the database, files and the log
FEWEST = 16  # connections, however few descriptors there are
MOST = 4096  # connections of one process: each costs memory, and one process can't serve more


class _Phase(Enum):
    HEADERS = auto()
    BODY = auto()
    WORK = auto()


class LimitedProtocol(StrictProtocol):
    """HTTP on one connection, within these limits."""

    HEADER_TIMEOUT: ClassVar[float] = 10.0  # seconds
    BODY_INTERVAL: ClassVar[float] = 10.0  # seconds
    MIN_RATE: ClassVar[float] = 1024.0  # bytes a second
    bound: ClassVar[int] = MOST

    # The connections that wait for headers, the oldest first; all connections of a process are in one event loop.
    _waiting: ClassVar[dict[LimitedProtocol, None]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phase: _Phase | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > self.bound:
            # If all others are being served, the oldest one that waits is this one.
            oldest = next(iter(self._waiting))
            oldest._enter(None)
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._enter(None)
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Enter the phase that the connection has reached."""
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            phase = _Phase.HEADERS
        else:
            phase = _Phase.BODY if cycle.more_body else _Phase.WORK
        if phase is not self._phase:
            self._enter(phase)

    def _enter(self, phase: _Phase | None) -> None:
        self._phase = phase
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waiting.pop(self, None)
        if phase is _Phase.HEADERS:
            self._waiting[self] = None
            self._timer = self.loop.call_later(self.HEADER_TIMEOUT, self.transport.abort)
        elif phase is _Phase.BODY:
            self._received = 0
            self._timer = self.loop.call_later(self.BODY_INTERVAL, self._look_at_body)

    def _look_at_body(self) -> None:
        if self._received < self.MIN_RATE * self.BODY_INTERVAL and not self.flow.read_paused:
            self.transport.abort()
            return
        self._enter(_Phase.BODY)


def bound_of(descriptors: int) -> int:
    """Return how many connections a process with so many descriptors may have."""
    return max(FEWEST, min(MOST, descriptors - RESERVED))


def take_descriptors() -> None:
    """Let this process open as many files as the system allows, and bound its connections by that."""
    if sys.platform == "win32":
        return  # sockets are not files there
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + RESERVED
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    LimitedProtocol.bound = bound_of(soft)
    if LimitedProtocol.bound < MOST:
        log.warning("This process may open %d files, so it takes %d connections at most.", soft, LimitedProtocol.bound)
