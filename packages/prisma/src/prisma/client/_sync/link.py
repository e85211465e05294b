# Made by tools/async_to_sync.py from client/_async/link.py: change that file and run the tool.
"""What connects a client to its database: opening and closing the pool, and the plans for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from prisma.client._sync.metered_session import MeteredSession
from prisma.client._sync.pools import make_pool, open_pool
from prisma.client._sync.session import PoolSession, Session
from prisma.client._sync.waiting import ConnectLock
from prisma.client.datasource import DatasourceOverride, connection_options
from prisma.client.explain import failures
from prisma.client.planning.plans import Plans
from prisma.engine.errors import AlreadyConnectedError
from prisma.errors import ClientNotConnectedError
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from prisma.client.telemetry.observer import Observer
    from prisma.schema.metadata import Schema


class Target(Frozen):
    """What to connect to, and how.

    Attributes:
        driver: `asyncpg` or `psycopg`.
        datasource: what a program says instead of the schema's URL.
        timeout: seconds that connecting may take, unless the call says.
        max_plans: how many programs are kept.
        is_lazy: whether the first operation connects.
    """

    schema: Schema
    driver: str
    datasource: DatasourceOverride | None
    timeout: float
    max_plans: int
    is_lazy: bool


class Link:
    """A session and the plans for it; shared by the extended copies of a client.

    `session` is None as long as there is no connection; `plans` are there once it has been.
    """

    __slots__ = ("_claims", "_connect_lock", "_observer", "_target", "plans", "session")

    plans: Plans

    def __init__(self, target: Target, observer: Observer) -> None:
        self.session: Session | None = None
        self._target = target
        self._observer = observer
        # Held by the task that connects.
        self._connect_lock = ConnectLock()
        self._claims: dict[str, tuple[Plans, Session]] = {}

    def connect(self, timeout: float | None = None) -> None:
        """Open a pool; `timeout` bounds the whole of it, in seconds.

        Raises:
            AlreadyConnectedError: there is a session.
            EngineConnectionError: the database can't be reached, or refuses (`.code` says why).
        """
        if self.session is not None:
            raise AlreadyConnectedError("Already connected to the query engine")
        target, limit = self._target, self._target.timeout if timeout is None else timeout
        with failures.translated(target.schema, connecting=True):
            options = connection_options(target.schema, target.datasource)
            pool = make_pool(options, target.driver)
            try:
                open_pool(pool, limit)
            except TimeoutError as error:
                pool.close(0)
                raise failures.connect_timeout(limit) from error
            except BaseException:
                pool.close(0)
                raise
        session = PoolSession(pool, self._observer)
        if "metrics" in target.schema.preview_features:
            session = MeteredSession(session)
        if not self._claim(Plans.of(target.schema, options.schema, target.max_plans), session):
            pool.close(0)
            raise AlreadyConnectedError("Already connected to the query engine")
        self._observer.events.tell("info", f"Connected; the pool has up to {pool.stats.limit} connections.")

    def disconnect(self, timeout: float | timedelta | None = None) -> None:
        """Close all connections, waiting at most `timeout` (seconds) for those in use; nothing when not connected."""
        session, self.session = self.session, None
        self._claims, self._connect_lock = {}, ConnectLock()
        if isinstance(session, PoolSession):
            session.pool.close(timeout.total_seconds() if isinstance(timeout, timedelta) else timeout)
            self._observer.events.tell("info", "Disconnected.")

    def opened(self) -> Session:
        """Return the session, connecting first if the client is lazy.

        Raises:
            ClientNotConnectedError: it is not lazy, and `connect` was not called.
        """
        if self.session is None and self._target.is_lazy:
            with self._connect_lock.held():
                # Another operation may have connected meanwhile, or does so in another event loop.
                if self.session is None:
                    # Raised where a thread or another loop was quicker: then its session is there.
                    with suppress(AlreadyConnectedError):
                        self.connect()
        if self.session is None:
            raise ClientNotConnectedError
        return self.session

    def to(self, session: Session) -> Link:
        """Return a link to the same database whose operations run in another session."""
        link = object.__new__(Link)
        link._target, link._observer, link._connect_lock = self._target, self._observer, self._connect_lock
        link.plans, link.session, link._claims = self.plans, session, {}
        return link

    def _claim(self, plans: Plans, session: Session) -> bool:
        """Take a session, unless another event loop or thread has brought one meanwhile; tell which it was."""
        # Atomic, unlike a look at `session` before it is set. The second one sets what the first one brought.
        self.plans, self.session = self._claims.setdefault("first", (plans, session))
        return self.session is session
