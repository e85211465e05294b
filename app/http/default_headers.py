"""The headers that every response gets, and the responses to HEAD requests, which have no content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from app.paths import API

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The response depends on these headers: no cache may give one caller's response to another caller.
_VARY = "Authorization, X-API-Key, Cookie"
# Only the caller may cache it, and must ask each time whether it is still current (ETag).
_PERSONAL = "private, no-cache"


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

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if is_personal:
                    headers.setdefault("Cache-Control", _PERSONAL)
                    headers["Vary"] = _VARY
            elif is_head:
                # A server leaves the content out, too; tests call the application without one.
                message = {**message, "body": b""}
            await send(message)

        # A copy of the scope: for the server and the log the request stays a HEAD.
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, complete)
