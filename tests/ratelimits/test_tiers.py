"""The tiers: which limit a request has."""

from __future__ import annotations

import pytest

from app.ratelimits.tiers import QUOTAS, Tier, tier_of


@pytest.mark.parametrize(
    ("method", "path", "tier"),
    [
        ("GET", "/api/v1/users", "readonly"),
        ("HEAD", "/api/v1/credits/balance", "readonly"),
        ("GET", "/api/v1/usage-metrics/report", "search"),
        ("POST", "/api/v1/usage-metrics", "api"),
        ("DELETE", "/api/v1/projects/1", "api"),
        ("POST", "/api/v1/verification-tokens/consume", "auth"),
        ("DELETE", "/api/v1/sessions/1", "auth"),
        ("POST", "/api/v1/api-keys/1/rotate", "apiKey"),
        ("PUT", "/api/v1/billing-info", "payment"),
        ("POST", "/api/v1/credits/spend", "payment"),
        ("PATCH", "/api/v1/subscriptions/1", "payment"),
        ("POST", "/api/v1/invoices", "payment"),
        ("POST", "/api/v1/", "api"),
        ("GET", "/api/nothing", "default"),
        ("GET", "/docsx", "default"),
        ("GET", "//", "default"),
        ("GET", "/", None),
        ("GET", "/api/health", None),
        ("GET", "/metrics", None),
        ("GET", "/docs/oauth2-redirect", None),
        ("GET", "/openapi.json", None),
    ],
)
def test_tiers(method: str, path: str, tier: str | None):
    assert tier_of(method, path) == tier


def test_quotas_are_those_of_the_typescript_application():
    assert {tier.value: quota for tier, quota in QUOTAS.items()} == {
        "auth": 5,
        "payment": 10,
        "apiKey": 20,
        "api": 60,
        "search": 30,
        "readonly": 60,
        "default": 30,
    }
    assert set(QUOTAS) == set(Tier)
