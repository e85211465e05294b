"""The only access of a request to the database; each user sees only their own rows.

An access runs a request's work in one transaction, or each query of a request that only reads in its own. With its
first statement travel the role `ainative_tenant` and the user's name, both for this transaction only, so that it works
through a pooler. So the database hides and refuses the rows of others (migrations/…_isolation), even if a query
lacks its condition.

Each kind of access is for one relation between the caller and the owner of the rows:

1. `TenantAccess`: the caller, for themselves. An ADMIN may name another user (`?userId=`), and then sees exactly what
   that user sees.
2. `PathAccess`: the same for the user in the path (`/users/{id}`).
3. `OwnerAccess`: an ADMIN, for rows that belong to no single user: as the tables' owner, without restriction.

Where the service has replicas, they may answer the finding and counting of records for a GET. Changes with all that
they read, raw SQL, and everything that happens before a route is called stay on the primary.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request
from pydantic import BeforeValidator

from app.auth.authentication import Admin, AdminRequiredError, CurrentCaller
from app.auth.caller import Caller
from app.database.isolation import ROLE, Isolation
from app.database.retry import Sleep, with_reads, with_transaction
from app.http.problems import NotFoundError
from app.http.request_checks.url import path_value
from app.methods import SAFE
from app.tenancy.fair_share import FairShare
from app.tenancy.replica_reads import ReplicaReads
from prisma import Prisma

if TYPE_CHECKING:
    from prisma import Sql

T = TypeVar("T")

# A general plan expects as many rows of a user as the average user has. For a page it would sort them, and so read them
# all, though each list of users has an index in its order. For sums it would fetch them one by one.
_IN_ORDER: Final = {"enable_sort": "off"}
_PLANNED_ANEW: Final = {"plan_cache_mode": "force_custom_plan"}


@dataclass(slots=True)
class Access:
    """Access to the rows that one database user sees.

    `user_id` is the user whose rows are visible; None is the owner of the tables, who sees all rows. `repeatable` says
    whether work may happen a second time when the outcome of the first is unknown; `reads` that work changes nothing.
    `share` bounds how many connections the user's work holds. `settings` are further configuration parameters of
    the database for the transactions. `wrote` is called when work that may change something has ended.
    """

    db: Prisma
    isolation: Isolation
    user_id: str | None
    repeatable: bool
    reads: bool = False
    share: FairShare | None = None
    settings: Mapping[str, str] | None = None
    wrote: Callable[[], None] | None = None

    async def run(
        self,
        work: Callable[[Prisma], Awaitable[T]],
        *,
        repeatable: bool | None = None,
        first: Sql | None = None,
        last: Callable[[T], Callable[[Prisma], Awaitable[object]] | None] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> T:
        """Return what `work` returns for a transaction's client; see `with_transaction`, which tries it again.

        Reads need no transaction around all of their queries: see `with_reads`. `repeatable` overrides the attribute
        for this work, `first` is SQL that is sent with the first query, and `last` returns the query that is sent with
        the commit.
        """
        if self.share is None or self.user_id is None:
            return await self._run(work, repeatable, first, last, sleep)
        await self.share.enter(self.user_id)
        try:
            return await self._run(work, repeatable, first, last, sleep)
        finally:
            self.share.leave(self.user_id)

    def _run(
        self,
        work: Callable[[Prisma], Awaitable[T]],
        repeatable: bool | None,
        first: Sql | None,
        last: Callable[[T], Callable[[Prisma], Awaitable[object]] | None] | None,
        sleep: Sleep,
    ) -> Coroutine[Any, Any, T]:
        if self.reads:
            return with_reads(self.db, work, settings=self._settings(), sleep=sleep)
        changing = with_transaction(
            self.db,
            work,
            settings=self._settings(),
            first=first,
            repeatable=self.repeatable if repeatable is None else repeatable,
            last=last,
            sleep=sleep,
        )
        return changing if self.wrote is None else _telling(changing, self.wrote)

    def in_order(self) -> Access:
        """Return this access for work that reads rows of the user in the order of an index, such as pages of lists."""
        return self._having(_IN_ORDER)

    def planned_anew(self) -> Access:
        """Return this access for statements that are planned for their values each time, such as those of reports."""
        return self._having(_PLANNED_ANEW)

    def as_owner(self, caller: Caller) -> Access:
        """Return the access of the tables' owner, for changes that no tenant's role may make, e.g. of roles."""
        if not caller.is_admin:
            raise AdminRequiredError
        return self.as_service()

    def as_service(self) -> Access:
        """Return the access of the tables' owner, for the service's own checks; their conditions must name the user."""
        return Access(
            self.db, self.isolation, user_id=None, repeatable=self.repeatable, reads=self.reads, wrote=self.wrote
        )

    def _having(self, settings: Mapping[str, str]) -> Access:
        # Not by `replace`, which looks at all fields of the class each time.
        return Access(
            self.db, self.isolation, self.user_id, self.repeatable, self.reads, self.share, settings, self.wrote
        )

    def _settings(self) -> Mapping[str, str] | None:
        if self.user_id is None:
            return self.settings
        settings = {"role": ROLE, "app.user_id": self.user_id} if self.isolation.on else {"app.user_id": self.user_id}
        if self.settings is not None:
            settings.update(self.settings)
        return settings


async def _telling(changing: Awaitable[T], wrote: Callable[[], None]) -> T:
    try:
        return await changing
    finally:
        # Also after an error, because the outcome of a commit may be unknown.
        wrote()


@dataclass(slots=True)
class UserAccess(Access):
    """Access to the rows of one user, `user_id`."""

    user_id: str  # pyright: ignore[reportIncompatibleVariableOverride] narrower
    acts_for_other: bool = False

    def location(self, path: str) -> str:
        """Return the address at which the caller finds a record of this user."""
        return f"{path}?{urlencode({USER_ID: self.user_id})}" if self.acts_for_other else path


MAX_ID = 200  # characters; ours have 25, those of another application may be addresses or names
USER_ID = "userId"  # the query parameter
ME = "me"

# Any text: the check of URLs has refused what PostgreSQL can't hold.
_InPath = Annotated[str, BeforeValidator(path_value)]
RecordID = Annotated[_InPath, Path(min_length=1, max_length=MAX_ID)]
UserID = Annotated[_InPath, Path(min_length=1, max_length=MAX_ID, description="A user's id, or `me`.")]
OtherUser = Annotated[
    str | None,
    Query(alias=USER_ID, min_length=1, max_length=MAX_ID, description="The user to act for; others only for ADMIN."),
]


def user_access(request: Request, caller: Caller, user_id: str) -> UserAccess:
    """Return the caller's access to the rows of one user."""
    state = request.scope["state"]
    safe = request.scope["method"] in SAFE
    db, wrote = _way(request, caller)
    acts_for_other = user_id != caller.user_id
    return UserAccess(db, state["isolation"], user_id, safe, safe, state["share"], None, wrote, acts_for_other)


def _way(request: Request, caller: Caller) -> tuple[Prisma, Callable[[], None] | None]:
    """Return the client for a request, and what is to be told of its end if others depend on it."""
    state = request.scope["state"]
    reads: ReplicaReads | None = state["replica_reads"]
    if reads is None:
        return state["db"], None
    if request.method in SAFE:
        return reads.client_for(caller.user_id, request.headers.get("cache-control")), None
    return state["db"], partial(reads.wrote, caller.user_id)


async def tenant_access(request: Request, caller: CurrentCaller, user_id: OtherUser = None) -> UserAccess:
    """Return access to the caller's rows, or to those of the user for whom an ADMIN acts."""
    if user_id is not None and user_id != caller.user_id and not caller.is_admin:
        raise AdminRequiredError
    return user_access(request, caller, user_id or caller.user_id)


async def path_access(request: Request, caller: CurrentCaller, id: UserID) -> UserAccess:
    """Return access to the rows of the user in the path: the caller, or any user for an ADMIN."""
    user_id = caller.user_id if id == ME else id
    if user_id != caller.user_id and not caller.is_admin:
        raise NotFoundError("user", id)
    return user_access(request, caller, user_id)


async def owner_access(request: Request, caller: Admin) -> Access:
    """Return the access of the tables' owner, for an ADMIN."""
    safe = request.method in SAFE
    db, wrote = _way(request, caller)
    return Access(db, request.state.isolation, user_id=None, repeatable=safe, reads=safe, wrote=wrote)


TenantAccess = Annotated[UserAccess, Depends(tenant_access)]
PathAccess = Annotated[UserAccess, Depends(path_access)]
OwnerAccess = Annotated[Access, Depends(owner_access)]
