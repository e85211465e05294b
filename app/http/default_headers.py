"""The headers that every response gets, and the responses to HEAD requests, which have no content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.paths import API

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
# The response depends on these headers: no cache may give one caller's response to another caller.
_VARY: Final = (b"vary", b"Authorization, X-API-Key, Cookie")
_CACHE: Final = b"cache-control"
# Only the caller may cache it, and must ask each time whether it is still current (ETag).
_PERSONAL: Final = (_CACHE, b"private, no-cache")
_ADDED: Final = "app.headers"  # the place in a request's scope


def add_headers(scope: Scope, headers: Mapping[str, str]) -> None:
    """Add headers to the response of a request, in whichever layer it is made."""
    scope[_ADDED] += [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class DefaultHeaders:
    """ASGI middleware that keeps personal responses out of shared caches, forbids to guess content types, and answers
    HEAD as GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_personal = scope["path"].startswith(f"{API}/")
        is_head = scope["method"] == "HEAD"
        added: list[tuple[bytes, bytes]] = [_NOSNIFF]
        scope[_ADDED] = added
        if is_personal:
            added.append(_VARY)

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = [*message["headers"], *added]
                if is_personal and _CACHE not in dict(headers):
                    headers.append(_PERSONAL)
            elif is_head:
                # A server leaves the content out, too; tests call the application without one.
                message = {**message, "body": b""}
            await send(message)

        # A copy of the scope: for the server and the log the request stays a HEAD.
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, complete)
