"""Dialling one of several servers: the first that can be reached and will do."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from prisma.drivers.addresses import HostOrder, facts_of
from prisma.drivers.mysql._async.session import AsyncSession
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    import ssl

    from prisma.drivers.mysql.url import MysqlOptions


async def dial_first(
    options: MysqlOptions, context: ssl.SSLContext | None, limit: float | None = None
) -> tuple[AsyncSession, MysqlOptions]:
    """Return a session on the first server that will do, within `limit` seconds, and that server's options.

    Raises:
        DriverFault: no server can be reached and will do; its field `reasons` says of each why.
    """
    if not options.others:
        alone = options.connecting_within(limit)
        return await AsyncSession.open(alone, context), alone
    deadline = None if limit is None else time.monotonic() + limit
    reasons: dict[str, str] = {}
    for candidate in _candidates(options):
        rest = None if deadline is None else max(deadline - time.monotonic(), 0)
        try:
            return await AsyncSession.open(candidate.connecting_within(rest), context), candidate
        except DriverFault as fault:
            # Other faults, such as a wrong password, are the same everywhere, and hidden by a second server's.
            if fault.kind is not FaultKind.DATABASE_NOT_REACHABLE:
                raise
            reasons[candidate.place] = str(fault.fields.get("message", fault.kind))
    facts = facts_of(options.addresses, reasons)
    raise DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {**facts, "database": options.schema, "user": options.user})


def _candidates(options: MysqlOptions) -> list[MysqlOptions]:
    candidates = [options.at(address) for address in options.addresses]
    if options.host_order is HostOrder.RANDOM:
        random.shuffle(candidates)
    return candidates
