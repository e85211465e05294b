"""The check of URLs as middleware, in front of all routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.http.problems import ProblemError, problem_answer
from app.http.request_checks.url import check_url, routed_path

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UrlCheck:
    """ASGI middleware: URLs are text that the database can store, and slashes inside their values do not separate."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope.get("raw_path") or scope["path"].encode()
            try:
                check_url(path, scope["query_string"])
            except ProblemError as error:
                await problem_answer(error)(scope, receive, send)
                return
            if (routed := routed_path(path)) is not None:
                scope["path"] = routed
        await self._app(scope, receive, send)
