"""The server: uvicorn with the application, in this process or in several worker processes."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors import Multiprocess

from app.errors import FatalError
from app.paths import DOCS, HEALTH
from app.process.connection_limits import LimitedProtocol
from app.telemetry.metrics.exposition import forget_process, shared_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.config.settings import Settings
    from app.process.progress import Progress

# By its name, as importing it needs the generated client, which the start may have to make first.
APPLICATION = "app.main:application"
SHUTDOWN_TIMEOUT = 10  # seconds for requests that are under way
# Connections that wait to be accepted. If no descriptor is left, asyncio tries and logs this many times in a row.
BACKLOG = 128
# For a worker's sign of life. It is silent while it imports the application, for seconds on a busy machine; who lost
# patience then would end each new worker before it serves.
WORKER_TIMEOUT = 30
_STOPPING = f"Stopping: requests under way get {SHUTDOWN_TIMEOUT} s"
_STOPPED = "Stopped"


def serve(settings: Settings, listener: socket.socket, progress: Progress, opening: str) -> None:
    """Serve on `listener` until a signal comes.

    `progress` hears when the service answers, after `opening`, and when it stops.

    Raises:
        FatalError: the service did not start.
    """
    config = _config(settings)

    def announce() -> None:
        _announce(settings, progress, opening)

    def stopping() -> None:
        progress.say(_STOPPING)

    if settings.workers == 1:
        server = _Server(config, announce, stopping)
        try:
            server.run(sockets=[listener])
        finally:
            # Here, because the signal that stopped it is raised again.
            if server.started:
                progress.say(_STOPPED)
        started = server.started
    else:
        with shared_folder():
            workers = _Workers(config, listener, announce, stopping)
            workers.run()
        started = workers.started
        if started:
            progress.say(_STOPPED)
        if workers.interrupted:
            raise KeyboardInterrupt
    if not started:
        raise FatalError("The service did not start; the log above has the reason.")


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        APPLICATION,
        factory=True,
        http=LimitedProtocol,
        backlog=BACKLOG,
        # The log of the service takes uvicorn's messages, too, and has its own access log.
        log_config=None,
        log_level="warning",
        access_log=False,
        # The rate limits find the caller's address: they trust X-Forwarded-For as far as TRUSTED_PROXIES says.
        proxy_headers=False,
        workers=settings.workers,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        timeout_worker_healthcheck=WORKER_TIMEOUT,
    )


def _announce(settings: Settings, progress: Progress, opening: str) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    several = f", {settings.workers} workers" if settings.workers > 1 else ""
    progress.say(f"{opening}{address}{several} (Ctrl+C stops it)")
    if settings.public_docs:
        progress.say(f"      Docs    {address}{DOCS}")
    progress.say(f"      Health  {address}{HEALTH}")


class _Server(uvicorn.Server):
    """A server that says when it answers, and when it stops."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        await super().shutdown(sockets)


class _Workers(Multiprocess):
    """Worker processes; one that dies, or does not answer for 5 s, is replaced.

    `started` tells whether all of them answered at some time, `interrupted` whether Ctrl+C ended them.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        listener: socket.socket,
        announce: Callable[[], None],
        stopping: Callable[[], None],
    ) -> None:
        super().__init__(config, sockets=[listener])
        self._announce = announce
        self._stopping = stopping
        self.started = False
        self.interrupted = False

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            forget_process(pid or 0)
        if not self.started and all(process.is_ready() for process in self.processes):
            self.started = True
            self._announce()

    def terminate_all(self) -> None:
        self._stopping()
        super().terminate_all()

    def handle_int(self) -> None:
        self.interrupted = True
        super().handle_int()
