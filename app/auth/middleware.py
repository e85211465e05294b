"""Authentication as middleware: a request to the API goes on, and its body is read, only when its caller is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from app.api import API
from app.auth.authentication import UnauthorizedError, recognise
from app.auth.origin import check_origin, origin_of
from app.errors import ProblemError, data_answer, problem_answer
from prisma.errors import DataError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Authentication:
    """Refuses requests to the API whose caller is unknown, and those that another site made a browser send.

    `web` is the address of the web application, whose pages may call the API with the session's cookie.
    """

    def __init__(self, app: ASGIApp, *, web: str | None) -> None:
        self._app = app
        self._web = None if web is None else origin_of(web)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{API}/"):
            request = Request(scope)
            try:
                await self._check(request)
            except ProblemError as error:
                await problem_answer(error)(scope, receive, send)
                return
            except DataError as error:
                answer = await data_answer(request, error)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _check(self, request: Request) -> None:
        known = await recognise(request)
        if known.caller is None:
            raise UnauthorizedError
        if known.by_cookie:
            check_origin(request, self._web)
