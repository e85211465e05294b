"""The credentials of a request (keys, tokens and cookies), and their description in OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.datastructures import Headers

# The names of the session's cookie in NextAuth 4 and Auth.js 5, with the prefix if the web application has HTTPS.
COOKIE: Final = "next-auth.session-token"
_PLAIN: Final = (COOKIE, "authjs.session-token")
COOKIES: Final = frozenset({*_PLAIN, *(f"__Secure-{name}" for name in _PLAIN)})
MAX_SESSIONS: Final = 8  # different tokens in the cookies of one request

SCHEMES: Final[dict[str, dict[str, Any]]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a session's token."},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The web application's session; also as `authjs.session-token`, or with `__Secure-` in front.",
    },
}
"""The ways to sign in, as OpenAPI's security schemes."""


class Credentials(NamedTuple):
    """The credentials of a request: `token` is a key or a session's token, `key` a key, `sessions` are tokens.

    At most one of them is there: a request is judged by the first that it carries, in this order. There may be several
    sessions, as browsers keep cookies of former versions and settings of the web application.
    """

    token: str | None = None
    key: str | None = None
    sessions: tuple[str, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.token or self.key or self.sessions)


def credentials_of(headers: Headers) -> Credentials:
    """Return the credentials of a request with these headers."""
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer" and token:
            return Credentials(token=token.strip())
    key = headers.get("x-api-key")
    if key is not None:
        return Credentials(key=key)
    return Credentials(sessions=_sessions(headers.getlist("cookie")))


def _sessions(cookies: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for pair in (pair for cookie in cookies for pair in cookie.split(";")):
        name, _, value = pair.strip().partition("=")
        if name in COOKIES and value:
            # Percent-encoded if the token has characters that a cookie can't contain.
            found |= dict.fromkeys((unquote(value), value))
    return tuple(found)[:MAX_SESSIONS]
