"""Dialling one of several servers: the first that can be reached and suits, as libpq does it."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar, cast

from prisma.drivers.addresses import HostOrder, facts_of
from prisma.drivers.postgresql.addresses import TargetSession
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.drivers.postgresql._async.session import Session
    from prisma.drivers.postgresql.url import ConnectionOptions

SessionT = TypeVar("SessionT")

# The number of rows is the answer, because the status of a simple query tells no more. Such a query is one message,
# which poolers in transaction mode take as well.
_ROLE = """
    SELECT FROM pg_catalog.generate_series(1, CASE WHEN pg_catalog.pg_is_in_recovery() THEN 2 ELSE 0 END
        + CASE WHEN pg_catalog.current_setting('transaction_read_only') = 'on' THEN 1 ELSE 0 END)
"""
# Other faults, such as a wrong password, are the same everywhere, and hidden by a second server's.
_WORTH_ANOTHER = frozenset({FaultKind.DATABASE_NOT_REACHABLE, FaultKind.CONNECTION_CLOSED})


async def dial_suitable(
    options: ConnectionOptions,
    dial: Callable[[ConnectionOptions], Awaitable[SessionT]],
    limit: float | None = None,
) -> SessionT:
    """Return a session on one of the servers, within `limit` seconds; `dial` makes one on one server.

    Raises:
        DriverFault: no server can be reached and suits; its field `reasons` says of each why.
    """
    target = options.target
    if not options.others and target in (TargetSession.ANY, TargetSession.PREFER_STANDBY):
        return await dial(options.connecting_within(limit))
    deadline = None if limit is None else time.monotonic() + limit
    reasons: dict[str, str] = {}
    absent: DriverFault | None = None
    for wanted in (TargetSession.STANDBY, TargetSession.ANY) if target is TargetSession.PREFER_STANDBY else (target,):
        for candidate in _candidates(options):
            rest = None if deadline is None else max(deadline - time.monotonic(), 0)
            try:
                session = await dial(candidate.connecting_within(rest))
                refusal = await _refusal(cast("Session", session), wanted)
            except DriverFault as fault:
                if fault.kind is FaultKind.DATABASE_DOES_NOT_EXIST:
                    # Perhaps it was just made, and this is a standby that has yet to hear of it.
                    absent = fault
                elif fault.kind not in _WORTH_ANOTHER:
                    raise
                reasons[candidate.place] = str(fault.fields.get("message", fault.kind))
                continue
            if refusal is None:
                return session
            reasons[candidate.place] = f"{refusal}, and target_session_attrs is {target}"
    raise absent or _unreachable(options, reasons)


async def role_refusal(session: Session, target: TargetSession) -> str | None:
    """Return why the server of a session, which may have changed its role, will not do; None if it will."""
    role = int((await session.execute(_ROLE)).rpartition(" ")[2])
    return target.refusal(is_standby=role > 1, is_read_only=role % 2 == 1)


async def _refusal(session: Session, target: TargetSession) -> str | None:
    if target is TargetSession.ANY:
        return None
    refusal: str | None = "it did not say what it is"
    try:
        refusal = await role_refusal(session, target)
    except session.failures as error:
        raise session.fault(error) from error
    finally:
        if refusal is not None:
            session.terminate()
    return refusal


def _candidates(options: ConnectionOptions) -> list[ConnectionOptions]:
    candidates = [options.at(address) for address in options.addresses]
    if options.host_order is HostOrder.RANDOM:
        random.shuffle(candidates)
    return candidates


def _unreachable(options: ConnectionOptions, reasons: dict[str, str]) -> DriverFault:
    fields = {**facts_of(options.addresses, reasons), "database": options.database, "user": options.user}
    return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, fields)
