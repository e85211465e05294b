"""The guard of addresses as middleware: a request reaches the routes only if its path and query are valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.http.problems import ProblemError, problem_answer
from app.http.request_checks.url import check_url

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UrlCheck:
    """Refuses addresses that no database can hold, before any route reads them."""

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
