"""Replicas: which of them may answer a read, by how much of the primary's log each is known to have replayed.

Nothing here reads a server's clock. Now and then a check asks the primary where its log ends, and then a replica how
far it has come. If it has come to the end that the primary named at some moment, it has everything of that moment, and
may answer for the `max_lag` seconds after it. Checks run beside reads, and only while there are any: no read waits for
one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from prisma.client._async.batching import Batcher
from prisma.client._async.metered_session import MeteredSession
from prisma.client._async.session import PoolSession
from prisma.client._async.waiting import Background
from prisma.client.telemetry.meter import gauge
from prisma.client.telemetry.observer import Observer
from prisma.drivers._async.protocol import Pool
from prisma.drivers.results import PoolStats
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.client.telemetry.meter import PlanStats
    from prisma.dialects.dialect import TimestampFormat
    from prisma.metrics import Metrics

SOON: Final = 0.1  # seconds between two checks of a replica that reads wait for
LONGEST: Final = 30.0  # seconds: a check that has not ended by then is lost, and a dead replica is tried that often
_CHECKS: Final = 4  # in the time for which a check holds

_END: Final = """
    SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS written,
           (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint AS flushed
"""
_REPLAYED: Final = (
    "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS position, pg_is_in_recovery() AS standby"
)
_PAGE: Final = 8192  # bytes; the header of a page takes 24 of them, and 40 in the first page of a file
_HEADERS: Final = frozenset({24, 40})

# Kinds of faults that say nothing about the read: the replica is gone, or refuses to talk.
_GONE: Final = frozenset(
    {
        FaultKind.AUTHENTICATION_FAILED,
        FaultKind.CONNECTION_CLOSED,
        FaultKind.DATABASE_ACCESS_DENIED,
        FaultKind.DATABASE_DOES_NOT_EXIST,
        FaultKind.DATABASE_NOT_REACHABLE,
        FaultKind.TLS_CONNECTION_ERROR,
        FaultKind.TOO_MANY_CONNECTIONS,
    }
)
# A replica cancels reads that hold up what it replays, and may not have replayed a migration yet.
_BEHIND: Final = frozenset(
    {FaultKind.TRANSACTION_WRITE_CONFLICT, FaultKind.TABLE_DOES_NOT_EXIST, FaultKind.COLUMN_NOT_FOUND}
)


class Writes:
    """When a client wrote last, by `time.monotonic`."""

    __slots__ = ("last",)

    def __init__(self) -> None:
        self.last = -math.inf


class NotingPool:
    """The primary's pool, for everything but routed reads: a connection that comes back may have written."""

    def __init__(self, pool: Pool[Any], writes: Writes) -> None:
        self._pool = pool
        self._writes = writes
        self.acquire = pool.acquire
        self.try_acquire = pool.try_acquire
        self.open = pool.open
        self.close = pool.close

    async def release(self, connection: Any) -> None:
        await self._pool.release(connection)
        self._writes.last = time.monotonic()

    def release_nowait(self, connection: Any) -> None:
        self._pool.release_nowait(connection)
        self._writes.last = time.monotonic()

    @property
    def joins(self) -> bool | None:
        return self._pool.joins

    @property
    def returns_inserted(self) -> bool:
        return self._pool.returns_inserted

    @property
    def timestamp_format(self) -> TimestampFormat | None:
        return self._pool.timestamp_format

    @property
    def stats(self) -> PoolStats:
        return self._pool.stats


class Replica:
    """One replica.

    Attributes:
        session: where reads run.
        batcher: the lookups that are under way there.
        as_of: a moment of which it is known to have everything, by `time.monotonic`.
        problem: why it is left out; None if it is not.
    """

    def __init__(self, name: str, pool: Pool[Any], primary: Pool[Any], observer: Observer, max_lag: float) -> None:
        self.name = name
        self.session = PoolSession(pool, observer)
        self.batcher = Batcher()
        self.as_of = -math.inf
        self.problem: str | None = "it was not asked yet"
        self._primary = primary
        self._events = observer.events
        self._max_lag = max_lag
        # Ends of the primary's log, with the moment before each was asked for.
        self._ends: list[tuple[float, int]] = []
        self._next = -math.inf
        self._failures = 0
        self._check: Background | None = None
        self._closed = False

    def look(self, now: float, wanted: float) -> None:
        """Start a check if it is time for one; `wanted` is the moment of which a read needs the data."""
        if self._closed or now < self._next or (self.as_of >= wanted and now - self.as_of < self._max_lag / _CHECKS):
            return
        self._next = now + LONGEST
        self._check = Background(self.check)

    async def check(self) -> None:
        """Find out how far the replica is."""
        moment = time.monotonic()
        self._next = moment + LONGEST
        try:
            end = await _end_of_log(self._primary)
        except DriverFault:
            # Without the primary, nobody knows how far a replica is behind.
            self._next = time.monotonic() + self._max_lag / _CHECKS
            return
        try:
            position = await self._position()
        except DriverFault as fault:
            self.leave_out(fault)
            return
        self._note(moment, end, position)

    def gives_way(self, fault: DriverFault) -> bool:
        """Tell whether the primary may answer what failed here; a replica that is gone is left out for a while."""
        if fault.kind in _GONE:
            self.leave_out(fault)
            return True
        return fault.kind in _BEHIND

    def leave_out(self, fault: DriverFault) -> None:
        """Send no reads here, until a check succeeds; checks become rarer."""
        self.as_of = -math.inf
        if self._closed:
            return
        self.problem = str(fault.fields.get("message", fault.kind))
        self._failures += 1
        self._next = time.monotonic() + min(2.0 ** (self._failures - 1), LONGEST)
        if self._failures == 1:
            self._events.tell("warn", f"The {self.name} is left out: {self.problem}")

    def measure(self) -> None:
        """Measure from now on, for metrics."""
        if type(self.session) is PoolSession:
            self.session = MeteredSession(self.session)

    async def close(self, timeout: float | None) -> None:
        """Close all connections, and end a check that is under way."""
        self._closed = True
        self.as_of = -math.inf
        if self._check is not None:
            self._check.cancel()
        await self.session.pool.close(timeout)
        if self._check is not None:
            await self._check.ended()

    async def _position(self) -> int:
        pool = self.session.pool
        connection = await pool.acquire()
        try:
            row = (await connection.query(_REPLAYED, ()))[0]
            if not row["standby"]:
                # It was promoted. What it says about its log is no answer any more, and a new connection will not do.
                connection.terminate()
                raise DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {"message": "the server is not a standby"})
        finally:
            pool.release_nowait(connection)
        return row["position"]

    def _note(self, moment: float, end: int, position: int) -> None:
        now = time.monotonic()
        if self._ends and self._ends[-1][1] > end:
            # The log is shorter than it was: that of another primary, which has not all that the former had.
            self._ends.clear()
        self._ends.append((moment, end))
        reached = [then for then, its_end in self._ends if its_end <= position]
        if reached:
            self.as_of = max(reached)
        self._ends = [each for each in self._ends if each[0] > max(self.as_of, now - self._max_lag)]
        self._failures = 0
        self._next = now + SOON
        lag = now - self.as_of
        self.problem = None if lag <= self._max_lag else f"it is more than {self._max_lag:g} s behind"


class Replicas:
    """All replicas of one client, and the primary for reads that none of them may answer."""

    def __init__(self, pools: Sequence[Pool[Any]], primary: PoolSession, max_lag: float, writes: Writes | None) -> None:
        self.primary = primary
        self.writes = writes
        self.max_lag = max_lag
        self.all = [
            Replica(f"replica {number}", pool, primary.pool, primary.observer, max_lag)
            for number, pool in enumerate(pools, 1)
        ]
        self._turn = 0

    def choose(self) -> Replica | None:
        """Return a replica that is fresh enough, each in its turn; None if there is none."""
        now = time.monotonic()
        wanted = now - self.max_lag
        if self.writes is not None:
            wanted = max(wanted, self.writes.last)
        # Two threads that read the same turn go to the same replica, which does no harm.
        turn = self._turn = (self._turn + 1) % len(self.all)
        found = None
        for replica in (*self.all[turn:], *self.all[:turn]):
            replica.look(now, wanted)
            if found is None and replica.as_of >= wanted:
                found = replica
        return found

    async def require(self) -> Replica:
        """Return a replica that is fresh enough, after asking those of which it is not known.

        Raises:
            DriverFault: there is none; its field `reasons` says of each why.
        """
        for replica in self.all:
            await replica.check()
            if (found := self.choose()) is not None:
                return found
        reasons = {each.name: each.problem or "it lacks what this client has just written" for each in self.all}
        message = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
        fields = {"message": message, "host": "replicas", "port": "", "reasons": reasons}
        raise DriverFault(FaultKind.DATABASE_NOT_REACHABLE, fields)

    def measure(self) -> None:
        """Measure from now on, for metrics."""
        if type(self.primary) is PoolSession:
            self.primary = MeteredSession(self.primary)
        for replica in self.all:
            replica.measure()

    def report(self, primary: PoolSession, plans: PlanStats, labels: Mapping[str, str]) -> Metrics:
        """Return the metrics of all servers; the label `server` says of which."""
        metrics = primary.meter.report(primary.pool.stats, plans, {**labels, "server": "primary"})
        for replica in self.all:
            session = replica.session
            names = {**labels, "server": replica.name}
            own = session.meter.report(session.pool.stats, None, names)
            metrics.counters += own.counters
            metrics.gauges += [*own.gauges, gauge("prisma_replica_usable", replica.problem is None, names)]
            metrics.histograms += own.histograms
        return metrics

    async def close(self, timeout: float | None) -> None:
        """Close the connections to all replicas."""
        for replica in self.all:
            await replica.close(timeout)


async def _end_of_log(primary: Pool[Any]) -> int:
    connection = await primary.acquire()
    try:
        row = (await connection.query(_END, ()))[0]
    finally:
        primary.release_nowait(connection)
    written, flushed = row["written"], row["flushed"]
    # Behind a full page, the next record will begin after a header, which no replica replays before there is a record.
    return flushed if flushed % _PAGE == 0 and written - flushed in _HEADERS else written
