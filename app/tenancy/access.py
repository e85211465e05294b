"""Tenancy: the only way from a request to the database; each user sees only their own rows.

A gate runs a request's work in one transaction. Its first statement takes on the role `ainative_tenant` and names the
user, both for this transaction only, so that it works through a pooler. From then on, the database hides and refuses
the rows of others (migrations/…_tenant_isolation), even if a query lacks its condition.

Each gate is for one relation between the caller and the owner of the rows:

1. `TenantGate`: the caller, for themselves. An ADMIN may name another user (`?userId=`), and then sees exactly what
   that user sees.
2. `PathGate`: the same for the user in the path (`/users/{id}`).
3. `OwnerGate`: an ADMIN, for rows that belong to no single user: as the tables' owner, without restriction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request

from app.auth.authentication import Admin, AdminRequiredError, CurrentCaller
from app.auth.caller import Caller
from app.database.client import Database
from app.database.isolation import ROLE, Isolation
from app.database.retry import MAX_WAIT, TIMEOUT, Sleep, is_transient, is_transient_in_transaction, with_retry
from app.http.problems import RETRY_AFTER, NotFoundError, ProblemError
from prisma import Prisma
from prisma.errors import DataError

T = TypeVar("T")

_ENTER = "SELECT set_config('role', $1, true), set_config('app.user_id', $2, true)"
_NAME_USER = "SELECT set_config('app.user_id', $1, true)"
# A second execution of them does no harm: they are tried again even when nobody knows whether the first one happened.
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class UnknownOutcomeError(ProblemError):
    """503: the connection broke during COMMIT, and the change is not one that may happen twice."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "outcome_unknown",
            "The connection to the database broke while the change was saved: look whether it happened.",
            headers={"Retry-After": RETRY_AFTER},
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """A way to the database.

    `user_id` is the one whose rows are seen; None stands for the owner of the tables, who sees all. `repeatable` says
    whether work may happen a second time when the outcome of the first is unknown.
    """

    db: Prisma
    isolation: Isolation
    user_id: str | None
    repeatable: bool

    async def run(
        self, work: Callable[[Prisma], Awaitable[T]], *, repeatable: bool | None = None, sleep: Sleep = asyncio.sleep
    ) -> T:
        """Return what `work` returns for a transaction's client; it is committed then.

        After a transient error or a write conflict, `work` runs again in a whole new transaction, unless the error came
        at the commit of what is not repeatable. `repeatable` overrides the gate's.

        Raises:
            UnknownOutcomeError: it came there.
        """
        may_repeat = self.repeatable if repeatable is None else repeatable

        async def attempt() -> T:
            done = False
            try:
                async with self.db.tx(max_wait=MAX_WAIT, timeout=TIMEOUT) as tx:
                    await self._enter(tx)
                    result = await work(tx)
                    done = True
            except DataError as error:
                if done and is_transient(error) and not may_repeat:
                    raise UnknownOutcomeError from error
                raise
            return result

        return await with_retry(attempt, transient=is_transient_in_transaction, sleep=sleep)

    def as_owner(self, caller: Caller) -> Gate:
        """Return the way of the tables' owner, for what even an ADMIN's user may not do to themselves, e.g. roles."""
        if not caller.is_admin:
            raise AdminRequiredError
        return self.as_service()

    def as_service(self) -> Gate:
        """Return the way of the tables' owner, for what the service itself has to look at; name the user's id in it."""
        return Gate(self.db, self.isolation, user_id=None, repeatable=self.repeatable)

    async def _enter(self, tx: Prisma) -> None:
        if self.user_id is None:
            return
        if self.isolation.on:
            await tx.query_raw(_ENTER, ROLE, self.user_id)
        else:
            await tx.query_raw(_NAME_USER, self.user_id)


@dataclass(frozen=True, slots=True)
class UserGate(Gate):
    """A way to the rows of one user, which is `user_id`."""

    user_id: str  # pyright: ignore[reportIncompatibleVariableOverride] narrower, and frozen
    acts_for_other: bool = False

    def place(self, path: str) -> str:
        """Return the address of a record of this user's, for the caller."""
        return f"{path}?{urlencode({USER_ID: self.user_id})}" if self.acts_for_other else path


_ID = r"^[A-Za-z0-9_-]+$"
MAX_ID = 64  # characters
USER_ID = "userId"  # the query parameter
ME = "me"

RecordID = Annotated[str, Path(pattern=_ID, max_length=MAX_ID)]
UserID = Annotated[str, Path(pattern=_ID, max_length=MAX_ID, description="A user's id, or `me`.")]
OtherUser = Annotated[
    str | None,
    Query(alias=USER_ID, pattern=_ID, max_length=MAX_ID, description="The user to act for; others only for ADMIN."),
]


def gate_for(request: Request, caller: Caller, user_id: str) -> UserGate:
    """Return the caller's way to the rows of one user."""
    state = request.state
    return UserGate(
        state.db,
        state.isolation,
        user_id=user_id,
        repeatable=request.method in _READING,
        acts_for_other=user_id != caller.user_id,
    )


async def tenant_gate(request: Request, caller: CurrentCaller, user_id: OtherUser = None) -> UserGate:
    """Return the caller's way, or that of the user for whom an ADMIN acts."""
    if user_id is not None and user_id != caller.user_id and not caller.is_admin:
        raise AdminRequiredError
    return gate_for(request, caller, user_id or caller.user_id)


async def path_gate(request: Request, caller: CurrentCaller, id: UserID) -> UserGate:
    """Return the way to the rows of the user in the path: the caller, or anybody for an ADMIN."""
    user_id = caller.user_id if id == ME else id
    if user_id != caller.user_id and not caller.is_admin:
        raise NotFoundError("user", id)
    return gate_for(request, caller, user_id)


async def owner_gate(request: Request, db: Database, _: Admin) -> Gate:
    """Return the way of the tables' owner, for an ADMIN."""
    return Gate(db, request.state.isolation, user_id=None, repeatable=request.method in _READING)


TenantGate = Annotated[UserGate, Depends(tenant_gate)]
PathGate = Annotated[UserGate, Depends(path_gate)]
OwnerGate = Annotated[Gate, Depends(owner_gate)]
