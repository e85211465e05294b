"""The queries for users."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from app.api import kinds, records
from app.api.users.schemas import INCLUDED, Relation
from app.api.verification_tokens.queries import consume_verification_token
from app.http.etags import Expected
from app.http.pagination import Window
from app.http.problems import AlreadyExistsError, ProblemError
from app.http.sparse_fields import Fields, Row, all_fields
from prisma import Prisma, sql
from prisma.enums import InvoiceStatus, Role

# Rows of each relation in one response: a busy user has very many usage metrics.
RELATED_ROWS = 100

_TABLE = sql("users")
_OF_ROLE = {
    Role.USER: sql("role = 'USER'"),
    Role.ADMIN: sql("role = 'ADMIN'"),
    Role.PREMIUM: sql("role = 'PREMIUM'"),
    Role.ENTERPRISE: sql("role = 'ENTERPRISE'"),
}

_ORDERS: dict[Relation, dict[str, str]] = {
    Relation.ACCOUNTS: {"id": "asc"},
    Relation.SESSIONS: {"expires": "desc"},
    Relation.API_KEYS: {"createdAt": "desc"},
    Relation.PROJECTS: {"createdAt": "desc"},
    Relation.SUBSCRIPTIONS: {"createdAt": "desc"},
    Relation.CREDITS: {"createdAt": "desc"},
    Relation.USAGE_METRICS: {"date": "desc"},
}


class UnconfirmedError(ProblemError):
    """403: the new address is not confirmed; the message does not say whether another user has it."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            "unconfirmed_address",
            "The new address needs `emailToken`: the verification token that was sent to it, which is good once.",
        )


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The proof that a caller reads the mail of a new address: its verification token, if the request has one."""

    token: str | None

    async def check(self, tx: Prisma, email: str) -> None:
        """Use the token up.

        Raises:
            UnconfirmedError: it is none, or not this address's, or no longer good.
        """
        if self.token is None or await consume_verification_token(tx, email, self.token) is None:
            raise UnconfirmedError


class UnpaidInvoiceError(ProblemError):
    """409: the user has an invoice that is not paid."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT,
            "unpaid_invoice",
            "The user has an invoice that is open or uncollectible: it must be paid or void first.",
        )


async def list_users(tx: Prisma, window: Window, fields: Fields, *, role: Role | None, email: str | None) -> list[Row]:
    """Return a page's users, newest first."""
    if email is not None:
        # In lower case or as given: older rows were not lowercased.
        where: dict[str, Any] = {"email": {"in": [email.lower(), email]}}
        return await records.find_page(tx.user, where if role is None else {**where, "role": role}, window, fields)
    if role is not None:
        return await kinds.find_page(tx.user, _TABLE, [_OF_ROLE[role]], window)
    return await records.find_page(tx.user, records.EVERY, window, fields)


async def find_user(tx: Prisma, id: str, fields: Fields) -> Row:
    """Return a user, with the relations that are wanted; NotFoundError."""
    return await records.find(tx.user, {"id": id}, fields, "user", "updatedAt")


async def create_user(tx: Prisma, data: Mapping[str, Any], fields: Fields) -> Row:
    """Create a user; UniqueViolationError, or AlreadyExistsError, when the address is taken."""
    await _check_address(tx, data["email"])
    return await records.create(tx.user, data, fields, "updatedAt")


async def update_user(
    tx: Prisma,
    id: str,
    change: Mapping[str, Any],
    fields: Fields,
    expected: Expected,
    *,
    confirmation: Confirmation | None = None,
) -> Row:
    """Change a user. A new address is confirmed only by a `confirmation`; if there is one, it must be right.

    Raises:
        UnconfirmedError: the confirmation is not right.
        UniqueViolationError, AlreadyExistsError: another user has the address.
    """
    data = dict(change)
    if "email" in data and not await tx.user.count(where={"id": id, "email": data["email"]}):
        if confirmation is not None:
            await confirmation.check(tx, data["email"])
        await _check_address(tx, data["email"], besides=id)
        data["emailVerified"] = None if confirmation is None else datetime.now(UTC)
    return await records.change(tx.user, {"id": id}, data, fields, "user", "updatedAt", expected=expected)


async def _check_address(tx: Prisma, email: str, besides: str | None = None) -> None:
    """Refuse an address that another user has in upper case: older rows were not lowercased."""
    others = {"email": {"equals": email, "mode": "insensitive"}, "NOT": {"id": besides or ""}}
    if await tx.user.count(where=others):  # type: ignore[arg-type]
        raise AlreadyExistsError(["email"])


async def delete_user(tx: Prisma, id: str, expected: Expected) -> None:
    """Delete a user with everything that belongs to it.

    Raises:
        UnpaidInvoiceError: an invoice is not paid, and would be deleted, too.
        NotFoundError, PreconditionFailedError: as everywhere.
    """
    owed = {"status": {"in": [InvoiceStatus.OPEN, InvoiceStatus.UNCOLLECTIBLE]}, "billingInfo": {"is": {"userId": id}}}
    if await tx.invoice.count(where=owed):  # type: ignore[arg-type]
        raise UnpaidInvoiceError
    await records.remove(tx.user, {"id": id}, "user", expected=expected)


def with_relations(fields: Fields, relations: Collection[Relation]) -> Fields:
    """Return fields of users together with relations of theirs, each with the fields that are shown of it."""
    return Fields(fields.names, {relation: _related(relation) for relation in relations})


def _related(relation: Relation) -> dict[str, Any]:
    selection: dict[str, Any] = {"select": all_fields(INCLUDED[relation]).select()}
    if relation in _ORDERS:
        selection |= {"take": RELATED_ROWS, "order_by": _ORDERS[relation]}
    return selection
