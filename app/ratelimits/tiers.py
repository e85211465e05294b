"""The tiers of the rate limits: the kinds of requests, and how many of each are allowed in a minute."""

from __future__ import annotations

from enum import StrEnum

from app.methods import SAFE
from app.paths import API, DOCS, HEALTH, HOME, METRICS, OPENAPI, REDOC

MINUTE = 60  # seconds
HOUR = 3600  # seconds


class Tier(StrEnum):
    """The kinds of requests, by the words of the TypeScript application and of the column `endpoint`."""

    AUTH = "auth"
    PAYMENT = "payment"
    API_KEY = "apiKey"
    API = "api"
    SEARCH = "search"
    READONLY = "readonly"
    DEFAULT = "default"


# Requests per minute.
QUOTAS: dict[Tier, int] = {
    Tier.AUTH: 5,
    Tier.PAYMENT: 10,
    Tier.API_KEY: 20,
    Tier.API: 60,
    Tier.SEARCH: 30,
    Tier.READONLY: 60,
    Tier.DEFAULT: 30,
}

# Tiers whose quota grows for an API key with a large limit per hour.
GROWING = frozenset({Tier.API, Tier.SEARCH, Tier.READONLY})

_API = f"{API}/"
_KEYS = f"{_API}api-keys/"
# Reading these costs as much as a search.
_REPORTS = ("usage-metrics/report",)
# The tiers of writing to these nouns: sign-ins and proofs of identity, money, and keys.
_WRITING = {
    "sessions": Tier.AUTH,
    "accounts": Tier.AUTH,
    "verification-tokens": Tier.AUTH,
    "subscriptions": Tier.PAYMENT,
    "billing-info": Tier.PAYMENT,
    "invoices": Tier.PAYMENT,
    "credits": Tier.PAYMENT,
    "api-keys": Tier.API_KEY,
}
# Paths that monitoring asks for every few seconds, and the pages for browsers.
_UNLIMITED = (HEALTH, METRICS, DOCS, REDOC, OPENAPI)


def tier_of(method: str, path: str) -> Tier | None:
    """Return the tier of a request, or None if it has no limit; `path` is decoded and without the query."""
    if path.startswith(_API):
        rest = path.removeprefix(_API)
        if method in SAFE:
            return Tier.SEARCH if rest.startswith(_REPORTS) else Tier.READONLY
        return _WRITING.get(rest.partition("/")[0], Tier.API)
    if path == HOME or any(path == name or path.startswith(f"{name}/") for name in _UNLIMITED):
        return None
    return Tier.DEFAULT


def is_revoking(method: str, path: str) -> bool:
    """Tell whether a request revokes a key, which its owner may do beyond every limit."""
    return method == "DELETE" and path.startswith(_KEYS)
