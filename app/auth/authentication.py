"""The dependencies of routes that need a known caller, or an ADMIN."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from app.auth.caller import Caller
from app.http.problems import ProblemError

ADMISSION = "admission"  # the name of the Admission in a request's state
CHALLENGE = 'Bearer realm="ainative"'


class UnauthorizedError(ProblemError):
    """401; the message is the same for every reason, because details would only help an attacker."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.UNAUTHORIZED,
            "unauthorized",
            "A valid API key or session is needed.",
            headers={"WWW-Authenticate": CHALLENGE},
        )


class AdminRequiredError(ProblemError):
    """403: only an ADMIN may do that."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, "admin_required", "Only a user with the role ADMIN may do this.")


async def authenticate(request: Request) -> Caller:
    """Return the caller of the request, whom admission has found.

    Raises:
        UnauthorizedError: there is no key or session, or it is unknown, expired or switched off.
    """
    caller: Caller | None = request.scope["state"][ADMISSION].caller
    if caller is None:
        raise UnauthorizedError
    return caller


async def require_admin(caller: Annotated[Caller, Depends(authenticate)]) -> Caller:
    """Return the caller of the request, if its role is ADMIN."""
    if not caller.is_admin:
        raise AdminRequiredError
    return caller


CurrentCaller = Annotated[Caller, Depends(authenticate)]
Admin = Annotated[Caller, Depends(require_admin)]
