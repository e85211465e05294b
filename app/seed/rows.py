"""The rows of the example data, the same at every run, with the tables in an order that foreign keys allow.

Dates are relative to a fixed day, and random-looking values come from generators with fixed seeds. Only keys and tokens
are really random: a reader of this file must not know the keys of a seeded database.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.auth.keys import new_key, stored
from app.seed.example_users import ExampleUser
from prisma import Json

Row = dict[str, Any]

TODAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ENTROPY = 32  # bytes
USAGE_DAYS = 14
INVOICED_MONTHS = 3
PRICES = {"FREE": Decimal("0.00"), "BASIC": Decimal("9.00"), "PRO": Decimal("49.00"), "ENTERPRISE": Decimal("499.00")}
RATE_LIMITS = {"FREE": 100, "BASIC": 1000, "PRO": 5000, "ENTERPRISE": 50000}
ENDPOINTS = ("/v1/chat/completions", "/v1/embeddings", "/v1/search")


def user(person: ExampleUser, number: int) -> Row:
    """Return a user, without the values that the database makes; `number` sets how long ago they joined."""
    joined = TODAY - timedelta(days=400 - 20 * (number % 20), minutes=number)
    return {
        "id": person.id,
        "email": person.email,
        "emailVerified": None if person.status == "INCOMPLETE" else joined + timedelta(minutes=7),
        "name": person.name,
        "avatar": f"https://avatars.example.com/{person.key}.png",
        "role": person.role,
        "createdAt": joined,
    }


def accounts(person: ExampleUser) -> Iterable[Row]:
    for provider in ("github", "google")[: 1 + person.paid]:
        yield {
            "id": f"{person.id}_{provider}",
            "userId": person.id,
            "type": "oauth",
            "provider": provider,
            "providerAccountId": str(_random(person, provider).randrange(10**6, 10**8)),
            "access_token": _token(person, provider),
            "expires_at": int((TODAY + timedelta(days=30)).timestamp()),
            "token_type": "bearer",
            "scope": "read:user user:email" if provider == "github" else "openid email profile",
        }


def sessions(person: ExampleUser) -> Iterable[Row]:
    yield {
        "id": f"{person.id}_session",
        "sessionToken": secrets.token_urlsafe(ENTROPY),
        "userId": person.id,
        "expires": TODAY + timedelta(days=_random(person, "session").randrange(1, 30)),
    }


def verification_tokens(person: ExampleUser) -> Iterable[Row]:
    if person.status in ("INCOMPLETE", "TRIALING"):
        yield {
            "identifier": person.email,
            "token": _token(person, "verification"),
            "expires": TODAY + timedelta(hours=24),
        }


def api_keys(person: ExampleUser) -> Iterable[Row]:
    for number, name in enumerate(("Production", "Local development")[: 1 + person.paid]):
        yield {
            "id": f"{person.id}_key_{number}",
            "key": stored(new_key()),  # unknown to all: make another with `python -m app.keys`
            "name": name,
            "userId": person.id,
            "createdAt": TODAY - timedelta(days=90),
            "expiresAt": TODAY + timedelta(days=275) if number == 0 else None,
            "lastUsedAt": TODAY - timedelta(hours=3) if number == 0 else None,
            "isActive": person.status != "UNPAID",
            "rateLimit": RATE_LIMITS[person.plan],
        }


def projects(person: ExampleUser) -> Iterable[Row]:
    random = _random(person, "projects")
    for number, name in enumerate(person.projects):
        yield {
            "id": f"{person.id}_project_{number}",
            "name": name,
            "description": f"{name} for the team in {person.city}.",
            "userId": person.id,
            "settings": Json(
                {
                    "model": random.choice(("ainative-large", "ainative-small")),
                    "temperature": random.randrange(0, 11) / 10,
                    "languages": ["en", person.country.lower()],
                }
            ),
            "isActive": number == 0 or person.status == "ACTIVE",
            "createdAt": TODAY - timedelta(days=60 - number),
        }


def subscriptions(person: ExampleUser) -> Iterable[Row]:
    if not person.paid:
        return
    yield {
        "id": f"{person.id}_subscription",
        "userId": person.id,
        "plan": person.plan,
        "status": person.status,
        "stripeSubscriptionId": f"sub_seed_{person.key}",
        "stripeCustomerId": f"cus_seed_{person.key}",
        "currentPeriodStart": TODAY - timedelta(days=12),
        "currentPeriodEnd": TODAY + timedelta(days=18),
        "cancelAtPeriodEnd": person.status == "CANCELED",
        "createdAt": TODAY - timedelta(days=102),
    }


def billing_infos(person: ExampleUser) -> Iterable[Row]:
    if not person.paid:
        return
    random = _random(person, "billing")
    yield {
        "id": f"{person.id}_billing",
        "userId": person.id,
        "stripeCustomerId": f"cus_seed_{person.key}",
        "addressLine1": f"{random.randrange(1, 200)} Market Street",
        "city": person.city,
        "postalCode": f"{random.randrange(10000, 99999)}",
        "country": person.country,
        "paymentMethodId": f"pm_seed_{person.key}",
        "last4": f"{random.randrange(10000):04d}",
        "cardBrand": random.choice(("visa", "mastercard", "amex")),
        "createdAt": TODAY - timedelta(days=102),
    }


def invoices(person: ExampleUser) -> Iterable[Row]:
    if not person.paid:
        return
    for month in range(INVOICED_MONTHS):
        start = TODAY - timedelta(days=30 * (month + 1))
        paid = month > 0 or person.status in ("ACTIVE", "CANCELED")
        yield {
            "id": f"{person.id}_invoice_{month}",
            "billingInfoId": f"{person.id}_billing",
            "stripeInvoiceId": f"in_seed_{person.key}_{month}",
            "amount": PRICES[person.plan],
            "status": "PAID" if paid else "OPEN",
            "pdfUrl": f"https://invoices.example.com/{person.key}/{month}.pdf" if paid else None,
            "periodStart": start,
            "periodEnd": start + timedelta(days=30),
            "paidAt": start + timedelta(days=31) if paid else None,
            "dueDate": start + timedelta(days=44),
            "createdAt": start + timedelta(days=30),
        }


def credits_(person: ExampleUser) -> Iterable[Row]:
    movements = [("BONUS", Decimal("10.00"), "Welcome credit", None)]
    if person.paid:
        granted = PRICES[person.plan] / 10
        movements += [
            ("SUBSCRIPTION", granted, f"{person.plan} plan, monthly credit", f"in_seed_{person.key}_0"),
            ("USAGE", -(granted / 3).quantize(Decimal("0.01")), "Usage in October", None),
        ]
    for number, (kind, amount, description, reference) in enumerate(movements):
        yield {
            "id": f"{person.id}_credit_{number}",
            "userId": person.id,
            "amount": amount,
            "type": kind,
            "description": description,
            "reference": reference,
            "createdAt": TODAY - timedelta(days=20 - number),
        }


def usage_metrics(person: ExampleUser) -> Iterable[Row]:
    random = _random(person, "usage")
    for day in range(USAGE_DAYS):
        endpoint = random.choice(ENDPOINTS)
        requests = random.randrange(1, 400)
        tokens = 0 if endpoint == "/v1/search" else requests * random.randrange(50, 900)
        yield {
            "id": f"{person.id}_usage_{day}",
            "userId": person.id,
            "endpoint": endpoint,
            "method": "GET" if endpoint == "/v1/search" else "POST",
            "requests": requests,
            "tokens": tokens,
            "embeddings": requests if endpoint == "/v1/embeddings" else 0,
            "cost": Decimal(tokens) * Decimal("0.000002"),
            "date": TODAY - timedelta(days=day),
            "metadata": Json({"region": "eu-west-1" if person.country in ("IE", "PT", "ES") else "us-east-1"}),
        }


def rate_limits(person: ExampleUser) -> Iterable[Row]:
    if person.paid:
        yield {
            "id": f"{person.id}_limit",
            "identifier": f"user:{person.id}",
            "endpoint": "api",
            "count": _random(person, "limit").randrange(60),
            "resetAt": TODAY + timedelta(minutes=1),
            "createdAt": TODAY,
        }


# Every table but users, whose ids the others need: the client's attribute → the rows of one person.
TABLES: dict[str, Callable[[ExampleUser], Iterable[Row]]] = {
    "account": accounts,
    "session": sessions,
    "verificationtoken": verification_tokens,
    "apikey": api_keys,
    "project": projects,
    "subscription": subscriptions,
    "billinginfo": billing_infos,
    "invoice": invoices,
    "credit": credits_,
    "usagemetric": usage_metrics,
    "ratelimit": rate_limits,
}


def rows_of(people: Sequence[ExampleUser], table: str) -> list[Row]:
    """Return the rows of one table for all `people`."""
    return [row for person in people for row in TABLES[table](person)]


def _random(person: ExampleUser, purpose: str) -> Random:
    return Random(f"{person.key}/{purpose}")  # noqa: S311 the same numbers each time are the point


def _token(person: ExampleUser, purpose: str) -> str:
    return hashlib.sha256(f"{person.key}/{purpose}".encode()).hexdigest()[:40]
