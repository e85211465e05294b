"""The queries for subscriptions."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from app.api import records
from app.api.transitions import SUBSCRIPTIONS, check_transition
from app.http.problems import InvalidFieldError, NotFoundError, ProblemError
from prisma.enums import Plan, SubscriptionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.http.etags import Expected
    from app.http.pagination import Window
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma

NOUN = "subscription"
# Locked until the commit: no other transaction changes the state between the check and the change.
_LOCK = 'SELECT status::text AS status FROM subscriptions WHERE id = $1 AND "userId" = $2 FOR UPDATE'
_PERIOD = ("currentPeriodStart", "currentPeriodEnd")


class OverError(ProblemError):
    """409: the subscription is over, so that nothing is left to be canceled."""

    def __init__(self, status: SubscriptionStatus) -> None:
        super().__init__(
            HTTPStatus.CONFLICT, "impossible_transition", f"The {NOUN} is {status.value}: it can't be canceled later."
        )


async def list_subscriptions(
    tx: Prisma,
    user_id: str,
    window: Window,
    fields: Fields,
    *,
    plan: Plan | None,
    status: SubscriptionStatus | None,
) -> list[Row]:
    """Return a page's subscriptions of a user, newest first."""
    filters = {"plan": plan, "status": status}
    where = {name: value for name, value in filters.items() if value is not None}
    return await records.find_page(tx.subscription, {**where, "userId": user_id}, window, fields)


async def find_subscription(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return a subscription; NotFoundError."""
    return await records.find(tx.subscription, {"id": id, "userId": user_id}, fields, NOUN, "updatedAt")


async def create_subscription(tx: Prisma, user_id: str, data: Mapping[str, Any], fields: Fields) -> Row:
    """Create a subscription; UniqueViolationError when its Stripe id is taken, ProblemError 422 for its period."""
    created = await records.create(tx.subscription, {**data, "userId": user_id}, fields, "updatedAt", *_PERIOD)
    _check_period(created)
    return created


async def update_subscription(
    tx: Prisma, user_id: str, id: str, change: Mapping[str, Any], fields: Fields, expected: Expected
) -> Row:
    """Change a subscription.

    Raises:
        NotFoundError, PreconditionFailedError, UniqueViolationError: as everywhere.
        ProblemError: 409, its state can't become that one; 422, its period would end before it starts.
    """
    found = await tx.query_first(_LOCK, id, user_id)
    if found is None:
        raise NotFoundError(NOUN, id)
    before = SubscriptionStatus(found["status"])
    after = change.get("status", before)
    check_transition(NOUN, SUBSCRIPTIONS, before, after)
    if change.get("cancelAtPeriodEnd") and not SUBSCRIPTIONS[after]:
        raise OverError(after)
    where = {"id": id, "userId": user_id}
    changed = await records.change(
        tx.subscription, where, change, fields, NOUN, "updatedAt", *_PERIOD, expected=expected
    )
    _check_period(changed)
    return changed


def _check_period(row: Row) -> None:
    start, end = (row[name] for name in _PERIOD)
    if start is not None and end is not None and end <= start:
        raise InvalidFieldError("body.currentPeriodEnd", "The period would end before it starts.")
