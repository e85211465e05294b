"""Authentication: from what a request shows to who makes it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from app.auth.caller import Caller, SignIn
from app.auth.credentials import Credentials, credentials_of, read_credentials
from app.auth.keys import is_credential, stored_forms
from app.errors import ProblemError
from app.recorder import note_caller
from app.resilience import Backoff, is_transient, with_retry
from prisma import Prisma
from prisma.models import ApiKey

# How old `lastUsedAt` gets before it is written again: a busy key must not cost a write for each request.
LAST_USED_PRECISION = timedelta(minutes=1)
# Long enough to replace connections that broke, too short for requests to pile up where the database is down.
BACKOFF = Backoff(first=0.1)
POOL_TIMEOUT = "P2024"
RECOGNISED = "recognised"  # where a request's state has the Recognition
CHALLENGE = 'Bearer realm="ainative"'


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who makes a request, if that is known.

    `refused` says that credentials were shown, and are good for nothing; `by_cookie` that a browser may have sent them
    without being asked.
    """

    caller: Caller | None
    refused: bool
    by_cookie: bool


class UnauthorizedError(ProblemError):
    """401, in the same words for every reason: they would help only those who guess."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.UNAUTHORIZED,
            "unauthorized",
            "A valid API key or session is needed.",
            headers={"WWW-Authenticate": CHALLENGE},
        )


class AdminRequiredError(ProblemError):
    """403: only an ADMIN may do that."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, "admin_required", "Only a user with the role ADMIN may do this.")


async def recognise(request: Request) -> Recognition:
    """Return who makes a request; the database is asked once."""
    state = request.scope["state"]
    if RECOGNISED not in state:
        credentials = await credentials_of(request)
        caller = await with_retry(lambda: _find_caller(state["db"], credentials), backoff=BACKOFF, transient=_is_broken)
        if caller is not None:
            note_caller(caller.user_id)
        state[RECOGNISED] = Recognition(
            caller, refused=caller is None and credentials.shown, by_cookie=credentials.session is not None
        )
    return state[RECOGNISED]


async def authenticate(request: Request, _: Annotated[Credentials, Depends(read_credentials)]) -> Caller:
    """Return who makes the request, as the middleware found out; the credentials are for OpenAPI.

    Raises:
        UnauthorizedError: there is no key or session, or it is unknown, expired or switched off.
    """
    caller = (await recognise(request)).caller
    if caller is None:
        raise UnauthorizedError
    return caller


async def require_admin(caller: Annotated[Caller, Depends(authenticate)]) -> Caller:
    """Return who makes the request, if their role is ADMIN."""
    if not caller.is_admin:
        raise AdminRequiredError
    return caller


CurrentCaller = Annotated[Caller, Depends(authenticate)]
Admin = Annotated[Caller, Depends(require_admin)]


def _is_broken(error: Exception) -> bool:
    return is_transient(error) and getattr(error, "code", None) != POOL_TIMEOUT


async def _find_caller(db: Prisma, credentials: Credentials) -> Caller | None:
    caller = None
    if key := credentials.token or credentials.key:
        caller = await _caller_with_key(db, key)
    if caller is None and (token := credentials.token or credentials.session):
        caller = await _caller_with_session(db, token)
    return caller


async def _caller_with_key(db: Prisma, key: str) -> Caller | None:
    forms = stored_forms(key)
    if not forms:
        return None
    now = datetime.now(UTC)
    for row in await db.apikey.find_many(where={"key": {"in": forms}}, include={"user": True}):
        known = any(hmac.compare_digest(row.key.encode(), form.encode()) for form in forms)
        if known and row.isActive and row.user is not None and (row.expiresAt is None or row.expiresAt > now):
            await _note_use(db, row, now)
            return Caller(row.userId, row.user.role, SignIn.API_KEY, key_id=row.id, hourly_limit=row.rateLimit)
    return None


async def _note_use(db: Prisma, row: ApiKey, now: datetime) -> None:
    before = now - LAST_USED_PRECISION
    if row.lastUsedAt is None or row.lastUsedAt <= before:
        # With the condition once more: of all requests that come at the same moment one writes.
        await db.apikey.update_many(
            where={"id": row.id, "OR": [{"lastUsedAt": None}, {"lastUsedAt": {"lte": before}}]},
            data={"lastUsedAt": now},
        )


async def _caller_with_session(db: Prisma, token: str) -> Caller | None:
    if not is_credential(token):
        return None
    row = await db.session.find_unique(where={"sessionToken": token}, include={"user": True})
    if row is None or row.user is None or row.expires <= datetime.now(UTC):
        return None
    if not hmac.compare_digest(row.sessionToken.encode(), token.encode()):
        return None
    return Caller(row.userId, row.user.role, SignIn.SESSION, session_id=row.id)
