"""Callers: the user behind a request, and what that user may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from prisma.enums import Role


class SignIn(StrEnum):
    """How a caller showed who they are."""

    API_KEY = "api_key"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who was recognised.

    `key_id` and `hourly_limit` (requests) are there for callers with an API key, `session_id` for those with a session.
    """

    user_id: str
    role: Role
    sign_in: SignIn
    key_id: str | None = None
    hourly_limit: int | None = None
    session_id: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether they may act for others."""
        return self.role == Role.ADMIN
