"""The start page: the name and the state of the service, and links to its other pages."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app import __version__
from app.config.settings import Environment
from app.health.check import DatabaseState
from app.pages.page import Page, inline
from app.paths import DOCS, HEALTH, HOME, METRICS, OPENAPI, REDOC

if TYPE_CHECKING:
    from app.config.settings import Settings

TITLE = "AINative Studio database service"
DESCRIPTION = (
    "Users, sign-ins, API keys, projects, usage, billing and credits of AINative Studio over HTTP, on the PostgreSQL "
    "database that the TypeScript application uses, too."
)
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Link:
    """An address of the service: a word for programs, a sentence for people."""

    name: str
    path: str
    text: str


_HEALTH = Link("health", HEALTH, "whether the service and its database work")
_DOCUMENTATION = (
    Link("docs", DOCS, "the API, to read and to try out"),
    Link("redoc", REDOC, "the API, to read"),
    Link("openapi", OPENAPI, "the description of the API for programs (OpenAPI)"),
)
_METRICS = Link("metrics", METRICS, "numbers for Prometheus")


def home_router(settings: Settings) -> APIRouter:
    """Return the route of the start page, which links only what the settings open."""
    router = APIRouter()
    style, source = inline("home.css")
    page = Page("home.html", {"style-src": source}, style=style)
    links = _links(settings)
    items = "\n".join(f'<li><a href="{link.path[1:]}">{link.path}</a>: {escape(link.text)}</li>' for link in links)

    @router.get(HOME, include_in_schema=False)
    async def read_home(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        state = await request.state.health.state()
        status = "unhealthy" if state is DatabaseState.DISCONNECTED else "healthy"
        if _HTML in request.headers.get("accept", ""):
            address = str(request.base_url).rstrip("/")
            answer: Response = page.answer(
                marked_up={"links": items}, title=TITLE, description=DESCRIPTION, version=__version__, status=status,
                database=state, address=address,
            )  # fmt: skip
        else:
            answer = _as_json(links, status, state)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Vary"] = "Accept"
        return answer

    return router


def _as_json(links: list[Link], status: str, database: str) -> JSONResponse:
    return JSONResponse(
        {
            "service": TITLE,
            "version": __version__,
            "status": status,
            "database": database,
            "links": {link.name: link.path for link in links},
        }
    )


def _links(settings: Settings) -> list[Link]:
    links = [*_DOCUMENTATION] if settings.public_docs else []
    links.append(_HEALTH)
    if settings.metrics_token is not None or settings.environment is not Environment.PRODUCTION:
        links.append(_METRICS)
    return links
