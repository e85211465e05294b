"""Queries about users."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from app import records
from app.errors import ProblemError
from app.fields import Fields, Row, all_fields
from app.pages import Window
from app.users.schemas import INCLUDED, Relation
from app.versions import Expected
from prisma import Prisma
from prisma.enums import InvoiceStatus

# Rows of each relation in one answer: a busy user has far more metrics than anybody reads.
RELATED_ROWS = 100

_ORDERS: dict[Relation, dict[str, str]] = {
    Relation.ACCOUNTS: {"id": "asc"},
    Relation.SESSIONS: {"expires": "desc"},
    Relation.API_KEYS: {"createdAt": "desc"},
    Relation.PROJECTS: {"createdAt": "desc"},
    Relation.SUBSCRIPTIONS: {"createdAt": "desc"},
    Relation.CREDITS: {"createdAt": "desc"},
    Relation.USAGE_METRICS: {"date": "desc"},
}


class UnpaidInvoiceError(ProblemError):
    """409: the user has an invoice that is not paid."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT,
            "unpaid_invoice",
            "The user has an invoice that is open or uncollectible: it must be paid or void first.",
        )


async def list_users(tx: Prisma, window: Window, fields: Fields, filters: Mapping[str, Any]) -> list[Row]:
    """Return a page's users, newest first."""
    return await records.find_page(tx.user, filters, window, fields)


async def find_user(tx: Prisma, id: str, fields: Fields) -> Row:
    """Return a user, with the relations that are wanted; NotFoundError."""
    return await records.find(tx.user, {"id": id}, fields, "user", "updatedAt")


async def create_user(tx: Prisma, data: Mapping[str, Any], fields: Fields) -> Row:
    """Create a user; UniqueViolationError when the address is taken."""
    return await records.create(tx.user, data, fields, "updatedAt")


async def update_user(tx: Prisma, id: str, change: Mapping[str, Any], fields: Fields, expected: Expected) -> Row:
    """Change a user; UniqueViolationError when the address is taken. A new address has to be confirmed anew."""
    data = dict(change)
    if "email" in data and not await tx.user.count(where={"id": id, "email": data["email"]}):
        data["emailVerified"] = None
    return await records.change(tx.user, {"id": id}, data, fields, "user", "updatedAt", expected=expected)


async def delete_user(tx: Prisma, id: str, expected: Expected) -> None:
    """Delete a user with everything that belongs to it.

    Raises:
        UnpaidInvoiceError: money is still owed, and the invoice would go, too.
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
