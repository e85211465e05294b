"""Credentials: what a request shows for itself, and how OpenAPI describes that."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

COOKIE = "next-auth.session-token"
SECURE_COOKIE = f"__Secure-{COOKIE}"  # what NextAuth uses where the web application has HTTPS

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="An API key, or a session's token.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="key")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session")
_secure_cookie = APIKeyCookie(name=SECURE_COOKIE, auto_error=False, scheme_name="secureSession")


class Credentials(NamedTuple):
    """What a request shows: `token` may be a key or a session's token, `key` only one, `session` only the other.

    At most one of them is there: a request is judged by the first that it carries, in this order.
    """

    token: str | None = None
    key: str | None = None
    session: str | None = None

    @property
    def shown(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.token or self.key or self.session)


# Coroutines, as all dependencies are that wait for nothing: FastAPI would call a plain function in another thread.
async def read_credentials(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
    secure_cookie: Annotated[str | None, Depends(_secure_cookie)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Credentials:
    """Return what a request shows."""
    if bearer is not None:
        return Credentials(token=bearer.credentials)
    if header is not None:
        return Credentials(key=header)
    return Credentials(session=secure_cookie or cookie)


async def credentials_of(request: Request) -> Credentials:
    """Return what a request shows, before any route is found."""
    return await read_credentials(
        await _bearer(request), await _header(request), await _secure_cookie(request), await _cookie(request)
    )
