"""Examples for the OpenAPI document: a body for every operation, which "Try it out" can send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

_TOKEN = {"identifier": "grace.hopper@example.com", "token": "k3t7-wq2p"}
_USAGE = {"endpoint": "/v1/chat/completions", "method": "POST", "requests": 1, "tokens": 850, "cost": "0.001275"}
_PERIOD = {"currentPeriodStart": "2026-12-01T00:00:00Z", "currentPeriodEnd": "2027-01-01T00:00:00Z"}

# By the name of the body's schema.
BODIES: dict[str, dict[str, Any]] = {
    "UserCreate": {"email": "grace.hopper@example.com", "name": "Grace Hopper", "role": "USER"},
    "UserUpdate": {"name": "Grace Brewster Hopper", "avatar": "https://example.com/grace.png"},
    "VerificationTokenCreate": _TOKEN,
    "VerificationTokenConsume": _TOKEN,
    "ApiKeyCreate": {"name": "Continuous integration", "rateLimit": 1000},
    "ApiKeyUpdate": {"isActive": False},
    "ProjectCreate": {"name": "Compiler", "description": "A-0 and its successors", "settings": {"model": "small"}},
    "ProjectUpdate": {"settings": {"model": "large"}},
    "UsageCreate": _USAGE,
    "UsageBatch": {"items": [_USAGE, {"endpoint": "/v1/embeddings", "method": "POST", "embeddings": 12}]},
    "SubscriptionCreate": {"plan": "PRO", "status": "ACTIVE", **_PERIOD},
    "SubscriptionUpdate": {"cancelAtPeriodEnd": True},
    "BillingInfoPut": {"addressLine1": "1 Main Street", "city": "Dublin", "postalCode": "D02 XY45", "country": "IE"},
    "InvoiceCreate": {
        "stripeInvoiceId": "in_1PqExample",
        "amount": "49.00",
        "currency": "usd",
        "status": "OPEN",
        "periodStart": "2026-11-01T00:00:00Z",
        "periodEnd": "2026-12-01T00:00:00Z",
        "dueDate": "2026-12-15T00:00:00Z",
    },
    "InvoiceUpdate": {"status": "PAID"},
    "CreditGrant": {"amount": "25.00", "type": "BONUS", "description": "Welcome"},
    "CreditSpend": {"amount": "1.50", "description": "Image generation", "reference": "job-1843"},
}

# The id of a user that every caller knows.
_ME = "me"
_USER = "/api/v1/users/{id}"


def describe_examples(app: FastAPI) -> None:
    """Add the examples to the OpenAPI document of `app`."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        document = describe()
        for path, operations in document["paths"].items():
            for operation in operations.values():
                for content in operation.get("requestBody", {}).get("content", {}).values():
                    content["example"] = BODIES[content["schema"]["$ref"].rpartition("/")[2]]
                for parameter in operation.get("parameters", ()):
                    if path == _USER and parameter["in"] == "path":
                        parameter["example"] = _ME
        return document

    app.openapi = openapi
