"""The allowed changes of the states of subscriptions and invoices."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TypeVar

from app.http.problems import ProblemError
from prisma.enums import InvoiceStatus, SubscriptionStatus

State = TypeVar("State", SubscriptionStatus, InvoiceStatus)

# As Stripe does: a subscription that was canceled, or not paid for in time at its start, does not come back.
SUBSCRIPTIONS: Mapping[SubscriptionStatus, frozenset[SubscriptionStatus]] = {
    SubscriptionStatus.INCOMPLETE: frozenset(
        {
            SubscriptionStatus.ACTIVE,
            SubscriptionStatus.TRIALING,
            SubscriptionStatus.INCOMPLETE_EXPIRED,
            SubscriptionStatus.CANCELED,
        }
    ),
    SubscriptionStatus.TRIALING: frozenset(
        {
            SubscriptionStatus.ACTIVE,
            SubscriptionStatus.PAST_DUE,
            SubscriptionStatus.UNPAID,
            SubscriptionStatus.CANCELED,
        }
    ),
    SubscriptionStatus.ACTIVE: frozenset(
        {SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID, SubscriptionStatus.CANCELED}
    ),
    SubscriptionStatus.PAST_DUE: frozenset(
        {SubscriptionStatus.ACTIVE, SubscriptionStatus.UNPAID, SubscriptionStatus.CANCELED}
    ),
    SubscriptionStatus.UNPAID: frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.CANCELED}),
    SubscriptionStatus.CANCELED: frozenset(),
    SubscriptionStatus.INCOMPLETE_EXPIRED: frozenset(),
}
INVOICES: Mapping[InvoiceStatus, frozenset[InvoiceStatus]] = {
    InvoiceStatus.DRAFT: frozenset({InvoiceStatus.OPEN, InvoiceStatus.VOID}),
    InvoiceStatus.OPEN: frozenset({InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.UNCOLLECTIBLE}),
    InvoiceStatus.UNCOLLECTIBLE: frozenset({InvoiceStatus.PAID, InvoiceStatus.VOID}),
    InvoiceStatus.PAID: frozenset(),
    InvoiceStatus.VOID: frozenset(),
}


def check_transition(noun: str, table: Mapping[State, frozenset[State]], now: State, then: State) -> None:
    """Refuse a change of state that the table does not have; staying is none.

    Raises:
        ProblemError: 409.
    """
    if then != now and then not in table[now]:
        raise ProblemError(
            HTTPStatus.CONFLICT, "impossible_transition", f"The {noun} is {now.value} and can't become {then.value}."
        )
