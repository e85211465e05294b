"""The documentation of the API as pages, with Swagger UI and Redoc from an installed package: no CDN is needed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from app.errors import FatalError
from app.pages.home import TITLE
from app.pages.page import Page, inline
from app.paths import DOCS, REDOC

# Only its files are used: its class makes an application with pages that a strict policy would not allow.
_PACKAGE = "fastapi_offline"
_ASSETS = f"{DOCS}/assets"


def add_documentation(app: FastAPI) -> None:
    """Add the pages that show the OpenAPI document, and the files that they need.

    Raises:
        FatalError: the package with the files is missing.
    """
    router = APIRouter()
    swagger, redoc = _swagger(), _redoc()

    @router.get(DOCS, include_in_schema=False)
    async def read_docs() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
        return swagger.answer(title=TITLE)

    @router.get(REDOC, include_in_schema=False)
    async def read_redoc() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
        return redoc.answer(title=TITLE)

    app.include_router(router)
    app.mount(_ASSETS, StaticFiles(directory=_folder()))


def _swagger() -> Page:
    script, source = inline("swagger.js")
    rules = {"script-src": f"'self' {source}", "style-src": "'self'", "connect-src": "'self'"}
    return Page("swagger.html", rules, script=script)


def _redoc() -> Page:
    script, source = inline("redoc.js")
    rules = {
        "script-src": f"'self' {source}",
        # Redoc makes its styles while it runs, and searches in a worker that it makes from text.
        "style-src": "'self' 'unsafe-inline'",
        "worker-src": "blob:",
        "connect-src": "'self'",
    }
    return Page("redoc.html", rules, script=script)


def _folder() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise FatalError("The pages of the documentation are not installed.", "Run: uv sync, or set PUBLIC_DOCS=false.")
    return Path(found.origin).parent / "static"
