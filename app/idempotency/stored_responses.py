"""The stored responses to requests with an Idempotency-Key: the table `service.idempotency_keys`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic_core import to_json

from app.database.isolation import SCRIPT
from app.database.service_tables import is_usable
from app.http.problems import ProblemError
from prisma import sql
from prisma.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prisma import Prisma, Sql

LIFETIME = 24 * 3600  # seconds
NOT_NULL_VIOLATION = "23502"  # SQLSTATE
NULL_VIOLATION = "P2011"  # the same, as the client names it
CLAIMED = "NullConstraintViolation"  # the same, in the client's events

# A first request takes the lock, and that is all: it travels with the first query of the work. For any other request
# there is a row without a status, which the column refuses.
_CLAIM = sql(
    """
INSERT INTO service.idempotency_keys (caller, subject, key, fingerprint, headers, body, "expiresAt")
SELECT caller, subject, key, '', '{{}}', '', now() AT TIME ZONE 'UTC'
FROM (VALUES ({}::text, {}::text, {}::text, {}::text)) AS asked (lock, caller, subject, key)
WHERE NOT pg_try_advisory_xact_lock(hashtextextended(lock, 0)) OR EXISTS (
  SELECT FROM service.idempotency_keys kept
  WHERE kept.caller = asked.caller AND kept.subject = asked.subject AND kept.key = asked.key
    AND kept."expiresAt" > now() AT TIME ZONE 'UTC'
)
""",
    *("",) * 4,
)
# The transaction holds the lock until it ends, so the next request with this key sees what was committed.
_LOCK_AND_FIND = """
SELECT mine, fingerprint, status, headers::text AS headers, body
FROM (SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) AS mine) lock
LEFT JOIN service.idempotency_keys
  ON caller = $2 AND subject = $3 AND key = $4 AND "expiresAt" > now() AT TIME ZONE 'UTC'
"""
# The statement above looks at the table before it has the lock. A row that was committed in between must stay: for it,
# the status is NULL, which the column refuses. An error, because the commit travels with this statement.
_STORE = """
INSERT INTO service.idempotency_keys AS kept (caller, subject, key, fingerprint, status, headers, body, "expiresAt")
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, now() AT TIME ZONE 'UTC' + make_interval(secs => $8::int))
ON CONFLICT (caller, subject, key) DO UPDATE SET fingerprint = excluded.fingerprint, headers = excluded.headers,
  body = excluded.body, "expiresAt" = excluded."expiresAt",
  status = CASE WHEN kept."expiresAt" <= now() AT TIME ZONE 'UTC' THEN excluded.status END
RETURNING status
"""
EXPIRED_RESPONSES = """
DELETE FROM service.idempotency_keys WHERE ctid IN (
  SELECT ctid FROM service.idempotency_keys WHERE "expiresAt" <= now() AT TIME ZONE 'UTC' LIMIT $1::int
  FOR UPDATE SKIP LOCKED
)
"""
TABLE_MISSING = (
    "The table service.idempotency_keys is missing or may not be used: have a user who may create schemas run "
    f"migrations/20261125040000_idempotency/migration.sql and {SCRIPT}, and grant what docs/service/security.md says."
)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The status, the headers and the JSON text of a response."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ResponseId:
    """The request of a response: `caller` sent `key` for the rows of `subject`, or of all users if it is empty."""

    caller: str
    subject: str
    key: str


async def can_store_responses(db: Prisma) -> bool:
    """Tell whether the table exists and may be used, by this database user and by tenants."""
    written = ("SELECT", "INSERT", "UPDATE")
    return await is_usable(db, "idempotency_keys", own=(*written, "DELETE"), tenants=written)


def claim(id: ResponseId) -> Sql:
    """Return SQL that takes the lock of a first request, and fails for all others; see `is_claimed`."""
    return _CLAIM.with_values(_lock(id), id.caller, id.subject, id.key)


def is_claimed(error: Exception) -> bool:
    """Tell whether another request may have the key: it has the lock, or is done."""
    if isinstance(error, DataError):
        # The query with which the claim travelled has its error.
        return error.code == NULL_VIOLATION or error.meta.get("code") == NOT_NULL_VIOLATION
    return error is _UNDER_WAY


def _lock(id: ResponseId) -> str:
    return to_json(["idempotency", id.caller, id.subject, id.key]).decode()


async def find_response(tx: Prisma, id: ResponseId, fingerprint: str) -> StoredResponse | None:
    """Return the response to an earlier request with this key; None for the first request, which then holds the lock.

    Raises:
        ProblemError: 409, the first request is under way; 422, it was another request.
    """
    row = await tx.query_first(_LOCK_AND_FIND, _lock(id), id.caller, id.subject, id.key)
    if row is None or not row["mine"]:
        raise _UNDER_WAY
    if row["status"] is None:
        return None
    if row["fingerprint"] != fingerprint:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request: take a new one.",
        )
    return StoredResponse(row["status"], row["body"], json.loads(row["headers"]))


async def store_response(tx: Prisma, id: ResponseId, fingerprint: str, response: StoredResponse) -> None:
    """Store the response to a request for 24 hours; the query may commit the transaction that it is the last of.

    Raises:
        ProblemError: 409, another request with this key was done at the same moment; the transaction must not commit.
    """
    headers = to_json(response.headers).decode()
    values = (id.caller, id.subject, id.key, fingerprint, response.status, headers, response.body, LIFETIME)
    try:
        await tx.query_first(_STORE, *values)
    except DataError as error:
        if error.meta.get("code") == NOT_NULL_VIOLATION:
            raise _UNDER_WAY from error
        raise


_UNDER_WAY = ProblemError(
    HTTPStatus.CONFLICT,
    "request_in_progress",
    "A request with this Idempotency-Key is under way: ask again for its response.",
    headers={"Retry-After": "1"},
)
