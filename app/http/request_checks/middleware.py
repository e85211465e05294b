"""The check of URLs as middleware, in front of all routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.http.problems import ProblemError, problem_answer
from app.http.request_checks.url import check_url

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UrlCheck:
    """ASGI middleware that refuses paths and queries that are not text which the database can store."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                check_url(scope.get("raw_path") or scope["path"].encode(), scope["query_string"])
            except ProblemError as error:
                await problem_answer(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
