"""The response bodies against the models of the generated client: the same names and types, no secret."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel

from app.api.accounts.schemas import AccountShown
from app.api.api_keys.schemas import ApiKeyShown
from app.api.billing_info.schemas import BillingInfoShown
from app.api.credits.schemas import CreditShown
from app.api.invoices.schemas import InvoiceShown
from app.api.projects.schemas import ProjectShown
from app.api.rate_limits.schemas import RateLimitShown
from app.api.sessions.schemas import SessionShown
from app.api.subscriptions.schemas import SubscriptionShown
from app.api.usage_metrics.schemas import UsageShown
from app.api.users import schemas as users
from prisma import Json, models

SHOWN: dict[type, type[BaseModel]] = {
    AccountShown: models.Account,
    ApiKeyShown: models.ApiKey,
    BillingInfoShown: models.BillingInfo,
    CreditShown: models.Credit,
    InvoiceShown: models.Invoice,
    ProjectShown: models.Project,
    RateLimitShown: models.RateLimit,
    SubscriptionShown: models.Subscription,
    UsageShown: models.UsageMetric,
    SessionShown: models.Session,
    users.UserFields: models.User,
}
SECRETS = {
    "key", "sessionToken", "access_token", "refresh_token", "id_token", "session_state", "stripeCustomerId",
    "paymentMethodId",
}  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.__name__)
def test_names_and_types(shown: type):
    fields = SHOWN[shown].model_fields
    hints = get_type_hints(shown)
    differing = {
        name: (hint, fields[name].annotation if name in fields else None)
        for name, hint in hints.items()
        if name not in fields or (hint, fields[name].annotation) not in ((hint, hint), *_JSON)
    }
    assert (differing, SECRETS & set(hints)) == ({}, set())


# What is stored as Json is shown as the value that it is.
_JSON: list[tuple[Any, Any]] = [(Any, Json), (Any, Json | None)]
