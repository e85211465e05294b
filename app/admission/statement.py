"""The SQL statement that identifies the caller, records the use of a key, and counts the request.

It works in this order:

1. The caller is the owner of the given key or session.
2. It looks for a block of the violator. The violator is the key, so that one key's abuse does not lock out its owner;
   without a key it is the user, else the address.
3. If there is no block, each limit's row counts the request, and starts again when its time is over.
4. If a row exceeds its limit, the violator's abuse row counts a violation, at most one a second. The violation that
   starts a block moves the row's end to the end of the block.

Rows are locked in this order, so that statements never deadlock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.auth.caller import Caller, SignIn
from app.auth.keys import is_token, stored_forms
from app.ratelimits.limiter import (
    BLOCK,
    VIOLATIONS,
    VIOLATIONS_APART,
    VIOLATIONS_WINDOW,
    Decision,
    Limit,
    Usage,
)
from prisma.enums import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.auth.credentials import Credentials
    from prisma import Prisma

_CLOCK: Final = "WITH clock AS (SELECT date_trunc('milliseconds', now() AT TIME ZONE 'UTC') AS at),"
# A count that a crash of the server takes back harms nobody, so a counted request does not wait for the disk.
_COUNTING_CLOCK: Final = """
WITH clock AS (
  SELECT date_trunc('milliseconds', now() AT TIME ZONE 'UTC') AS at, set_config('synchronous_commit', 'off', true)
),"""
# `lastUsedAt` is written at most once a minute: a busy key must not cost a write for each request.
_CALLER: Final = """
shown AS (
  SELECT k."userId" AS user_id, k.id AS key_id, k."rateLimit" AS hourly, k."lastUsedAt" AS used, NULL AS session_id,
         1 AS rank
  FROM api_keys k, clock
  WHERE k.key = ANY ($1::text[]) AND k."isActive" AND (k."expiresAt" IS NULL OR k."expiresAt" > at)
  UNION ALL
  SELECT s."userId", NULL, NULL, NULL, s.id, 2
  FROM sessions s, clock
  WHERE s."sessionToken" = ANY ($2::text[]) AND s.expires > at
  ORDER BY rank, user_id LIMIT 1
),
caller AS (
  SELECT shown.*, u.role::text AS role, (
    SELECT max(o."rateLimit") FROM api_keys o WHERE o."userId" = u.id AND o."isActive" AND shown.key_id IS NOT NULL
  ) AS total
  FROM shown JOIN users u ON u.id = shown.user_id
),
used AS (
  UPDATE api_keys k SET "lastUsedAt" = at FROM caller, clock
  WHERE k.id = caller.key_id AND (k."lastUsedAt" IS NULL OR k."lastUsedAt" <= at - interval '1 minute')
)
"""
_WHO: Final = _CLOCK + _CALLER + "SELECT user_id, role, key_id, hourly, session_id FROM caller"  # noqa: S608 two constant texts
_ADMIT: Final = (
    _COUNTING_CLOCK  # noqa: S608 constant texts
    + _CALLER
    + f""",
request AS (
  SELECT caller.*, COALESCE('user:' || user_id, $3::text) AS identifier,
         COALESCE('key:' || key_id, 'user:' || user_id, $3::text) AS violator,
         $4::bool AND user_id IS NULL AS refused
  FROM (SELECT) one LEFT JOIN caller ON true
),
counted AS (
  SELECT * FROM request WHERE identifier <> ALL ($5::text[]) AND NOT ($6::bool AND user_id IS NOT NULL)
),
wanted AS (
  SELECT identifier, CASE WHEN refused THEN 'auth' ELSE $7::text END AS endpoint,
         CASE WHEN refused THEN $9::int WHEN $10::bool THEN GREATEST($8::int, (hourly + 59) / 60) ELSE $8::int END
           AS quota,
         60 AS seconds, 1 AS place
  FROM counted
  UNION ALL SELECT 'key:' || key_id, 'key', hourly, 3600, 2 FROM counted WHERE key_id IS NOT NULL
  UNION ALL SELECT identifier, 'keys', total, 3600, 3 FROM counted WHERE key_id IS NOT NULL
),
blocked AS (
  SELECT r."resetAt" FROM rate_limits r JOIN counted ON r.identifier = violator, clock
  WHERE r.endpoint = 'abuse' AND r.count >= {VIOLATIONS} AND r."resetAt" > clock.at
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
  SELECT 'c' || left(replace(gen_random_uuid()::text, '-', ''), 24), violator, 'abuse', 1,
         at + make_interval(secs => {VIOLATIONS_WINDOW}), at
  FROM counted, clock
  WHERE EXISTS (SELECT FROM hits JOIN wanted USING (identifier, endpoint) WHERE hits.count > wanted.quota)
  ON CONFLICT (identifier, endpoint) DO UPDATE SET
    count = CASE WHEN r."resetAt" <= excluded."createdAt" THEN 1 ELSE r.count + 1 END,
    "resetAt" = CASE WHEN r."resetAt" <= excluded."createdAt" THEN excluded."resetAt"
                     WHEN r.count = {VIOLATIONS} - 1 THEN excluded."createdAt" + make_interval(secs => {BLOCK})
                     ELSE r."resetAt" END,
    "createdAt" = excluded."createdAt"
  WHERE r."createdAt" <= excluded."createdAt" - make_interval(secs => {VIOLATIONS_APART})
  RETURNING count, "resetAt"
)
SELECT user_id, role, key_id, hourly, session_id, identifier <> ALL ($5::text[]) AS limited,
  endpoints, usages,
  (SELECT ceil(extract(epoch FROM b."resetAt" - at))::int
   FROM (SELECT "resetAt" FROM blocked UNION ALL SELECT "resetAt" FROM abuse WHERE count >= {VIOLATIONS}) b, clock
   LIMIT 1) AS block
FROM request, (
  SELECT array_agg(endpoint ORDER BY place) AS endpoints,
    array_agg(ARRAY[quota, seconds, hits.count, ceil(extract(epoch FROM hits."resetAt" - at))::int] ORDER BY place)
      AS usages
  FROM hits JOIN wanted USING (identifier, endpoint), clock
) counts
"""  # noqa: S608
)


class Counting(NamedTuple):
    """How a request is counted.

    `address` identifies unknown callers; `spared` are identifiers that are never limited. `quota` belongs to the
    `tier`, `auth_quota` to invalid credentials, both in requests a minute. If `grows`, a key with a large limit per
    hour has a larger quota. A request that is `revoking` is not counted if its caller is known.
    """

    address: str
    spared: Sequence[str]
    tier: str
    quota: int
    auth_quota: int
    grows: bool
    revoking: bool


async def find_caller(db: Prisma, credentials: Credentials) -> Caller | None:
    """Return the user of the credentials; None if they are unknown, expired or switched off."""
    if not credentials.shown:
        return None
    row = await db.query_first(_WHO, *_shown(credentials))
    return _caller(row) if row else None


async def find_and_count(
    db: Prisma, credentials: Credentials, counting: Counting
) -> tuple[Caller | None, Decision | None]:
    """Return the same and, unless the caller is exempt, the decision of the limits."""
    row: Any = await db.query_first(
        _ADMIT,  # pyright: ignore[reportArgumentType] beside literals there are numbers of the module
        *_shown(credentials),
        counting.address,
        credentials.shown,
        list(counting.spared),
        counting.revoking,
        counting.tier,
        counting.quota,
        counting.auth_quota,
        counting.grows,
    )
    caller = _caller(row) if row["user_id"] else None
    return caller, _decision(row) if row["limited"] else None


def _shown(credentials: Credentials) -> tuple[list[str], list[str]]:
    """Return the forms in which the database may store the key of a request, and the tokens of sessions."""
    key = credentials.token or credentials.key
    tokens = (credentials.token,) if credentials.token else credentials.sessions
    return stored_forms(key) if key else [], [token for token in tokens if is_token(token)]


def _caller(row: Mapping[str, Any]) -> Caller:
    sign_in = SignIn.SESSION if row["key_id"] is None else SignIn.API_KEY
    return Caller(
        row["user_id"],
        Role(row["role"]),
        sign_in,
        key_id=row["key_id"],
        hourly_limit=row["hourly"],
        session_id=row["session_id"],
    )


def _decision(row: Mapping[str, Any]) -> Decision:
    if row["usages"] is None:
        return Decision((), row["block"])
    usages = [
        Usage(Limit(endpoint, quota, window), count, reset)
        for endpoint, (quota, window, count, reset) in zip(row["endpoints"], row["usages"], strict=True)
    ]
    return Decision(tuple(usages), row["block"])
