"""What connects a client to its database: opening and closing the pool, and the plans for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from prisma.client._async.metered_session import MeteredSession
from prisma.client._async.pools import make_pool, open_pool
from prisma.client._async.replicas import NotingPool, Replicas, Writes
from prisma.client._async.session import PoolSession, Session
from prisma.client._async.waiting import ConnectLock
from prisma.client.datasource import DatasourceOverride, connection_options, replica_options
from prisma.client.explain import failures
from prisma.client.planning.load_strategy import LoadStrategy
from prisma.client.planning.plans import Plans
from prisma.engine.errors import AlreadyConnectedError
from prisma.errors import ClientNotConnectedError
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.client.telemetry.observer import Observer
    from prisma.drivers._async.protocol import Pool
    from prisma.drivers.urls import Options
    from prisma.schema.metadata import Schema


class Target(Frozen):
    """What to connect to, and how.

    Attributes:
        driver: `asyncpg` or `psycopg`.
        datasource: what a program says instead of the schema's URL.
        timeout: seconds that connecting may take, unless the call says.
        max_plans: how many programs are kept.
        is_lazy: whether the first operation connects.
        replicas: the URLs of replicas, which may answer reads.
        max_lag: seconds that a replica may be behind.
        reads_own_writes: whether reads see what this client has written.
        strategy: how related records are read, None for the best way of each call.
    """

    schema: Schema
    driver: str
    datasource: DatasourceOverride | None
    timeout: float
    max_plans: int
    is_lazy: bool
    replicas: tuple[str, ...] = ()
    max_lag: float = 0.0
    reads_own_writes: bool = False
    strategy: LoadStrategy | None = None
    _hidden: ClassVar[frozenset[str]] = frozenset({"datasource", "replicas"})


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

    @property
    def source(self) -> Link:
        """The link that was connected: this one, or the one that this one is beside."""
        return self

    def to_primary(self) -> Link:
        """Return a link to the primary alone."""
        return self

    def to_replicas(self) -> Link:
        """Return a link to the replicas alone."""
        return ReplicaLink(self)

    async def connect(self, timeout: float | None = None) -> None:
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
            replicas = replica_options(target.schema, target.replicas)
            pool = make_pool(options, target.driver)
            try:
                await open_pool(pool, limit)
            except TimeoutError as error:
                await pool.close(0)
                raise failures.connect_timeout(limit) from error
            except BaseException:
                await pool.close(0)
                raise
        session = self._session(pool, replicas)
        if "metrics" in target.schema.preview_features:
            session = MeteredSession(session)
        plans = Plans.of(
            target.schema,
            options.schema,
            target.max_plans,
            joins=pool.joins,
            returns_inserted=pool.returns_inserted,
            timestamp_format=pool.timestamp_format,
            strategy=target.strategy,
        )
        if not self._claim(plans, session):
            await pool.close(0)
            raise AlreadyConnectedError("Already connected to the query engine")
        if session.replicas is not None:
            # So that the first reads find them; a replica that is down is no reason not to start.
            session.replicas.choose()
        self._observer.events.tell("info", f"Connected; the pool has up to {pool.stats.limit} connections.")

    async def disconnect(self, timeout: float | timedelta | None = None) -> None:
        """Close all connections, waiting at most `timeout` (seconds) for those in use; nothing when not connected."""
        session, self.session = self.session, None
        self._claims, self._connect_lock = {}, ConnectLock()
        if isinstance(session, PoolSession):
            seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
            if session.replicas is not None:
                await session.replicas.close(seconds)
            await session.pool.close(seconds)
            self._observer.events.tell("info", "Disconnected.")

    async def opened(self) -> Session:
        """Return the session, connecting first if the client is lazy.

        Raises:
            ClientNotConnectedError: it is not lazy, and `connect` was not called.
        """
        if self.session is None and self._target.is_lazy:
            async with self._connect_lock.held():
                # Another operation may have connected meanwhile, or does so in another event loop.
                if self.session is None:
                    # Raised where a thread or another loop was quicker: then its session is there.
                    with suppress(AlreadyConnectedError):
                        await self.connect()
        if self.session is None:
            raise ClientNotConnectedError
        return self.session

    def to(self, session: Session) -> Link:
        """Return a link to the same database whose operations run in another session."""
        link = object.__new__(Link)
        link._target, link._observer, link._connect_lock = self._target, self._observer, self._connect_lock
        link.plans, link.session, link._claims = self.plans, session, {}
        return link

    def _session(self, pool: Pool[Any], replicas: Sequence[Options]) -> PoolSession:
        if not replicas:
            return PoolSession(pool, self._observer)
        target, reading = self._target, PoolSession(pool, self._observer)
        writes = Writes() if target.reads_own_writes else None
        # Another one than that of the reads which no replica may answer, because it has replicas and may note writes.
        session = PoolSession(pool if writes is None else NotingPool(pool, writes), self._observer)
        session.meter = reading.meter
        pools = [make_pool(options, target.driver) for options in replicas]
        session.replicas = Replicas(pools, reading, target.max_lag, writes)
        return session

    def _claim(self, plans: Plans, session: Session) -> bool:
        """Take a session, unless another event loop or thread has brought one meanwhile; tell which it was."""
        # Atomic, unlike a look at `session` before it is set. The second one sets what the first one brought.
        self.plans, self.session = self._claims.setdefault("first", (plans, session))
        return self.session is session


class ReplicaLink(Link):
    """A link to the replicas of another one: the two are connected and disconnected together."""

    __slots__ = ("_origin",)

    def __init__(self, origin: Link) -> None:
        self._origin = origin
        self._target = origin._target

    @property
    def session(self) -> Session | None:  # pyright: ignore[reportIncompatibleVariableOverride] asked of the other link
        session = self._origin.session
        if not isinstance(session, PoolSession) or session.replicas is None:
            return session
        replica = session.replicas.choose()
        return None if replica is None else replica.session

    @property
    def plans(self) -> Plans:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._origin.plans

    @property
    def source(self) -> Link:
        return self._origin.source

    def to_primary(self) -> Link:
        return self._origin

    def to_replicas(self) -> Link:
        return self

    async def connect(self, timeout: float | None = None) -> None:
        """Open the pools of both; see `Link.connect`."""
        await self._origin.connect(timeout)

    async def disconnect(self, timeout: float | timedelta | None = None) -> None:
        """Close the connections of both; see `Link.disconnect`."""
        await self._origin.disconnect(timeout)

    async def opened(self) -> Session:
        """Return the session of a replica, after asking those of which it is not known how far they are.

        Raises:
            EngineConnectionError: P1001, no replica is fresh enough.
        """
        session = await self._origin.opened()
        if not isinstance(session, PoolSession) or session.replicas is None:
            return session
        with failures.translated(self._target.schema, connecting=True):
            return (await session.replicas.require()).session

    def to(self, session: Session) -> Link:
        """Return a link whose operations run in another session."""
        return self._origin.to(session)
