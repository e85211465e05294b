"""The limiter: one statement for each request counts it under every limit that holds and says whether it may pass."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.metrics import LIMITER_DECISIONS, LIMITER_FAILURES
from prisma.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma import Prisma

log = logging.getLogger(__name__)

ABUSE = "abuse"  # the `endpoint` of the row that counts an identifier's violations and then blocks it
VIOLATIONS = 10
VIOLATIONS_WINDOW = 3600  # seconds
BLOCK = 24 * 3600  # seconds
# More than the 10 s that a request may wait for a connection: then the pool is the reason, not the limiter.
TIMEOUT = 12.0
POOL_TIMEOUT = "P2024"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `quota` requests in `window` seconds, counted in the row (`identifier`, `endpoint`)."""

    identifier: str
    endpoint: str
    quota: int
    window: int


@dataclass(frozen=True, slots=True)
class Usage:
    """A limit, how many requests it has left, and after how many seconds it begins anew."""

    limit: Limit
    remaining: int
    reset: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may pass; if not, after how many seconds it is worth trying, and whether for abuse."""

    allowed: bool
    usages: tuple[Usage, ...] = ()
    retry_after: int = 0
    blocked: bool = False

    @property
    def word(self) -> str:
        """Return what the metrics call it."""
        return "allowed" if self.allowed else "blocked" if self.blocked else "limited"


# In order of what happens: a block is looked up; if there is none, each limit's row counts the request, beginning anew
# when its time is over; if one has counted too far, the abuse row counts a violation, and the last one that is forgiven
# moves its end to when the block is over. Rows are locked in this order, so that nobody waits in a ring.
_STATEMENT = """
WITH clock AS (SELECT date_trunc('milliseconds', now() AT TIME ZONE 'UTC') AS at),
wanted AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::int[])
    WITH ORDINALITY AS w(identifier, endpoint, quota, seconds, place)
),
blocked AS (
  SELECT r."resetAt" FROM rate_limits r, clock
  WHERE r.identifier = $5::text AND r.endpoint = $6::text AND r.count >= $7::int AND r."resetAt" > clock.at
),
hits AS (
  INSERT INTO rate_limits AS r (id, identifier, endpoint, count, "resetAt", "createdAt")
  SELECT 'c' || left(replace(gen_random_uuid()::text, '-', ''), 24), identifier, endpoint, 1,
         at + make_interval(secs => seconds), at
  FROM wanted, clock WHERE NOT EXISTS (SELECT FROM blocked) ORDER BY place
  ON CONFLICT (identifier, endpoint) DO UPDATE SET
    count = CASE WHEN r."resetAt" <= excluded."createdAt" THEN 1 ELSE least(r.count, 2147483646) + 1 END,
    "resetAt" = CASE WHEN r."resetAt" <= excluded."createdAt" THEN excluded."resetAt" ELSE r."resetAt" END
  RETURNING identifier, endpoint, count, "resetAt"
),
abuse AS (
  INSERT INTO rate_limits AS r (id, identifier, endpoint, count, "resetAt", "createdAt")
  SELECT 'c' || left(replace(gen_random_uuid()::text, '-', ''), 24), $5::text, $6::text, 1,
         at + make_interval(secs => $8::int), at
  FROM clock WHERE EXISTS (SELECT FROM hits JOIN wanted USING (identifier, endpoint) WHERE hits.count > wanted.quota)
  ON CONFLICT (identifier, endpoint) DO UPDATE SET
    count = CASE WHEN r."resetAt" <= excluded."createdAt" THEN 1 ELSE least(r.count, 2147483646) + 1 END,
    "resetAt" = CASE WHEN r."resetAt" <= excluded."createdAt" THEN excluded."resetAt"
                     WHEN r.count = $7::int - 1 THEN excluded."createdAt" + make_interval(secs => $9::int)
                     ELSE r."resetAt" END
  RETURNING count, "resetAt"
)
SELECT place::int, hits.count, ceil(extract(epoch FROM hits."resetAt" - at))::int AS seconds
FROM hits JOIN wanted USING (identifier, endpoint), clock
UNION ALL
SELECT 0, $7::int, ceil(extract(epoch FROM b."resetAt" - at))::int
FROM (SELECT "resetAt" FROM blocked UNION ALL SELECT "resetAt" FROM abuse WHERE count >= $7::int) b, clock
ORDER BY 1
"""


async def check(db: Prisma, identifier: str, limits: Sequence[Limit]) -> Decision:
    """Count one request of `identifier` under all `limits` and decide; violations are the identifier's.

    It lets the request pass when it can't count, and says so in the log: the database's own trouble shows where the
    request does its work. Only a pool that has no connection left stops the request here, because it would only wait
    for one again.

    Raises:
        DataError: P2024, no connection became free in time.
    """
    try:
        rows = await asyncio.wait_for(_count(db, identifier, limits), TIMEOUT)
    except Exception as error:
        LIMITER_FAILURES.inc()
        if isinstance(error, DataError) and error.code == POOL_TIMEOUT:
            raise
        log.warning("A request passes uncounted, because the rate limiter failed: %r", error)
        return Decision(allowed=True)
    decision = _decide(limits, rows)
    LIMITER_DECISIONS.labels(decision.word).inc()
    return decision


async def _count(db: Prisma, identifier: str, limits: Sequence[Limit]) -> list[dict[str, Any]]:
    return await db.query_raw(
        _STATEMENT,
        [limit.identifier for limit in limits],
        [limit.endpoint for limit in limits],
        [limit.quota for limit in limits],
        [limit.window for limit in limits],
        identifier,
        ABUSE,
        VIOLATIONS,
        VIOLATIONS_WINDOW,
        BLOCK,
    )


def _decide(limits: Sequence[Limit], rows: Sequence[dict[str, Any]]) -> Decision:
    usages: list[Usage] = []
    waits: list[int] = []
    blocked = False
    for row in rows:
        if row["place"] == 0:
            blocked = True
            waits.append(row["seconds"])
            continue
        limit = limits[row["place"] - 1]
        usages.append(Usage(limit, max(0, limit.quota - row["count"]), row["seconds"]))
        if row["count"] > limit.quota:
            waits.append(row["seconds"])
    return Decision(not waits, tuple(usages), max(1, *waits) if waits else 0, blocked)
