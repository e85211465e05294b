"""The response bodies for accounts, without the provider's tokens."""

from __future__ import annotations

from typing_extensions import TypedDict


class AccountShown(TypedDict, total=False):
    """A sign-in at an OAuth provider; a field is there unless `fields` left it out."""

    id: str
    type: str
    provider: str
    providerAccountId: str
    scope: str | None
    token_type: str | None
    expires_at: int | None
