"""The caller: the user who makes a request, and how the user signed in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from prisma.enums import Role


class SignIn(StrEnum):
    """The ways in which a caller signs in."""

    API_KEY = "api_key"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who is signed in.

    Callers with an API key have `key_id` and `hourly_limit` (requests), callers with a session have `session_id`.
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
