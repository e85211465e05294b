"""The router that each kind of record has below `/api/v1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match

from app.http.problems import TENANT_RESPONSES
from app.http.request_checks.body import CheckedRoute
from app.paths import API

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Receive, Scope, Send

_NOUN = API.count("/") + 1  # the place of the noun in a path that is split at slashes


def api_router(noun: str) -> APIRouter:
    """Return the router for a noun as it is written in addresses, such as `usage-metrics`."""
    return APIRouter(
        prefix=f"{API}/{noun}", tags=[noun.replace("-", " ")], route_class=CheckedRoute, responses=TENANT_RESPONSES
    )


class NounRoutes(BaseRoute):
    """The routes of several routers, found by their noun: FastAPI would try the routes of other nouns before them."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = {router.prefix.split("/")[_NOUN]: router.routes for router in routers}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the route of a request; without one, FastAPI explains why."""
        parts = scope["path"].split("/", _NOUN + 1) if scope["type"] == "http" else ()
        for route in self._routes.get(parts[_NOUN], ()) if len(parts) > _NOUN else ():
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, found
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route answer that was found."""
        await scope["route"].handle(scope, receive, send)
