"""Answers: the headers that every answer gets, and HEAD requests, which get an answer without its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from app.api.router import API

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What the answer depends on, so that no cache gives one caller's answer to another.
_VARY = "Authorization, X-API-Key, Cookie"
# Kept by the caller alone, who asks each time whether it still holds (ETag).
_PERSONAL = "private, no-cache"


class Answers:
    """Keeps personal answers out of shared caches, forbids to guess content types, and answers HEAD as GET."""

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
                # The server leaves the content out, too; here for callers without a server.
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server and the log know the request as the HEAD that it is.
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, complete)
