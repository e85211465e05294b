"""Kept answers: the table `service.idempotency_keys`, written in the transaction of the request's work."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from app.database.isolation import ROLE
from app.http.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prisma import Prisma

LIFETIME = 24 * 3600  # seconds

# Held until the transaction ends, whichever way: whoever gets it next sees what was committed.
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) AS mine"
_FIND = """
SELECT fingerprint, status, headers::text AS headers, body FROM service.idempotency_keys
WHERE caller = $1 AND subject = $2 AND key = $3 AND "expiresAt" > now() AT TIME ZONE 'UTC'
"""
# The row that is there already, if any, has expired.
_KEEP = """
INSERT INTO service.idempotency_keys AS kept (caller, subject, key, fingerprint, status, headers, body, "expiresAt")
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, now() AT TIME ZONE 'UTC' + make_interval(secs => $8::int))
ON CONFLICT (caller, subject, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
  headers = excluded.headers, body = excluded.body, "expiresAt" = excluded."expiresAt"
"""
SWEEP = """
DELETE FROM service.idempotency_keys WHERE ctid IN (
  SELECT ctid FROM service.idempotency_keys WHERE "expiresAt" <= now() AT TIME ZONE 'UTC' LIMIT $1::int
  FOR UPDATE SKIP LOCKED
)
"""
_LOOK = """
SELECT coalesce(bool_and(has_schema_privilege(role, 'service', 'USAGE')
  AND has_table_privilege(role, 'service.idempotency_keys', 'SELECT')
  AND has_table_privilege(role, 'service.idempotency_keys', 'INSERT')
  AND has_table_privilege(role, 'service.idempotency_keys', 'UPDATE')), false) AS usable
FROM (SELECT current_user AS role UNION SELECT rolname FROM pg_roles WHERE rolname = $1) roles
WHERE to_regclass('service.idempotency_keys') IS NOT NULL
"""


NO_TABLE = (
    "The table service.idempotency_keys is missing or may not be used: have a user who may create schemas run "
    "migrations/20261125040000_idempotency/migration.sql, which says what to grant."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers and JSON text."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is kept: `caller` sent `key` to work on the rows of `subject`, or of all users if it is empty."""

    caller: str
    subject: str
    key: str


async def can_keep(db: Prisma) -> bool:
    """Tell whether the table is there, for this user and for tenants."""
    found = await db.query_first(_LOOK, ROLE)
    return found is not None and bool(found["usable"])


async def find_answer(tx: Prisma, place: Place, fingerprint: str) -> Answer | None:
    """Return the answer of a request that was made before; None for the first, which is alone from now on.

    Raises:
        ProblemError: 409, the first is under way; 422, it asked for something else.
    """
    lock = await tx.query_first(_LOCK, json.dumps(["idempotency", place.caller, place.subject, place.key]))
    if lock is None or not lock["mine"]:
        raise ProblemError(
            HTTPStatus.CONFLICT,
            "request_in_progress",
            "A request with this Idempotency-Key is under way: ask again for its answer.",
            headers={"Retry-After": "1"},
        )
    row = await tx.query_first(_FIND, place.caller, place.subject, place.key)
    if row is None:
        return None
    if row["fingerprint"] != fingerprint:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request: take a new one.",
        )
    return Answer(row["status"], row["body"], json.loads(row["headers"]))


async def keep_answer(tx: Prisma, place: Place, fingerprint: str, answer: Answer) -> None:
    """Keep the answer of a request for 24 hours, if the transaction is committed."""
    await tx.execute_raw(
        _KEEP,
        place.caller,
        place.subject,
        place.key,
        fingerprint,
        answer.status,
        json.dumps(dict(answer.headers)),
        answer.body,
        LIFETIME,
    )
