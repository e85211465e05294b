"""The decision about a request: its caller and its limits, also if counting it fails."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from app.admission.statement import find_and_count, find_caller
from app.database.retry import POOL_TIMEOUT, Backoff, is_transient, with_retry
from app.database.time_limit import TimeLimit
from app.telemetry.metrics import LIMITER_DECISIONS, LIMITER_FAILURES
from prisma.errors import DataError

if TYPE_CHECKING:
    from app.admission.statement import Counting
    from app.auth.caller import Caller
    from app.auth.credentials import Credentials
    from app.ratelimits.limiter import Decision
    from prisma import Prisma

log = logging.getLogger(__name__)

# Long enough to replace broken connections, too short for requests to pile up while the database is down.
BACKOFF = Backoff(first=0.1)
# More than the 10 s that a request may wait for a connection, which is no failure of the limiter.
LIMIT = TimeLimit(12.0)

_decisions = cache(LIMITER_DECISIONS.labels)


class Admission(NamedTuple):
    """The caller of a request and the decision of the rate limits.

    `refused` says that the credentials of the request are not valid; `by_cookie` that a browser may have sent them
    for a page of another site. `decision` is None for a caller without limits.
    """

    caller: Caller | None
    refused: bool
    by_cookie: bool
    decision: Decision | None = None


async def admit(db: Prisma, credentials: Credentials, counting: Counting | None) -> Admission:
    """Identify the caller, and count the request unless `counting` is None.

    If counting fails, the request passes uncounted, and the log says so.

    Raises:
        DataError: the database can't be reached, or no connection became free in time (P2024).
    """
    caller, decision = await with_retry(lambda: _look(db, credentials, counting), backoff=BACKOFF, transient=_is_broken)
    if counting is not None:
        _decisions("spared" if decision is None else decision.label).inc()
    return Admission(caller, caller is None and credentials.shown, bool(credentials.sessions), decision)


async def _look(
    db: Prisma, credentials: Credentials, counting: Counting | None
) -> tuple[Caller | None, Decision | None]:
    if counting is not None:
        try:
            return await LIMIT.run(find_and_count(db, credentials, counting))
        except Exception as error:
            LIMITER_FAILURES.inc()
            if is_transient(error):
                raise
            log.warning("A request passes uncounted, because the rate limiter failed: %r", error)
    return await find_caller(db, credentials), None


def _is_broken(error: Exception) -> bool:
    return is_transient(error) and not (isinstance(error, DataError) and error.code == POOL_TIMEOUT)
