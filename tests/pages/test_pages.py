"""The pages: their contents, their policies, and the settings that open them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from httpx import AsyncClient

from app.config.settings import Environment, Settings
from app.main import create_app
from tests.conftest import serving

if TYPE_CHECKING:
    from servers.tcp import TcpServer

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = ["/", "/docs", "/redoc"]
CLOSED = {
    "default-src": "'none'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
LINK = re.compile(r'(?:href|src)="([^"]+)"')


async def test_home_for_programs(http: AsyncClient):
    answer = await http.get("/")
    assert answer.json() == {
        "service": "AINative Studio database service",
        "version": "1.0.0.dev0",
        "status": "healthy",
        "database": "connected",
        "links": {
            "docs": "/docs",
            "redoc": "/redoc",
            "openapi": "/openapi.json",
            "health": "/api/health",
            "metrics": "/metrics",
        },
    }
    assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept", "no-store")


async def test_every_link_of_the_pages_leads_somewhere_here(http: AsyncClient):
    found: dict[str, int] = {}
    for page in PAGES:
        for target in LINK.findall((await http.get(page, headers=HTML)).text):
            if not target.startswith("data:"):
                found[target] = (await http.get(f"/{target}")).status_code
    assert found == dict.fromkeys(
        [
            "docs", "redoc", "openapi.json", "api/health", "metrics",
            "docs/assets/swagger-ui.css", "docs/assets/swagger-ui-bundle.js", "docs/assets/redoc.standalone.js",
        ],
        200,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "rules"),
    [
        ("/", {"style-src": "STYLE"}),
        ("/docs", {"script-src": "'self' SCRIPT", "style-src": "'self'", "connect-src": "'self'"}),
        (
            "/redoc",
            {
                "script-src": "'self' SCRIPT",
                "style-src": "'self' 'unsafe-inline'",
                "worker-src": "blob:",
                "connect-src": "'self'",
            },
        ),
    ],
)
async def test_policies(http: AsyncClient, path: str, rules: dict[str, str]):
    answer = await http.get(path, headers=HTML)
    policy = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    style, script = (_hash(answer.text, name) for name in ("style", "script"))
    expected = {name: rule.replace("STYLE", style).replace("SCRIPT", script) for name, rule in rules.items()}
    assert policy == CLOSED | expected
    assert answer.headers["x-content-type-options"] == "nosniff"


def _hash(page: str, tag: str) -> str:
    text = "".join(re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL))
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ([200, 404, 404, 404, 404], ["health"])),
        ({"metrics_token": "t"}, ([200, 404, 404, 404, 404], ["health", "metrics"])),
        ({"public_docs": True}, ([200] * 5, ["docs", "redoc", "openapi", "health"])),
    ],
)
async def test_production_shows_what_its_settings_open(settings: Settings, values: dict[str, Any], expected: Any):
    closed = replace(settings, environment=Environment.PRODUCTION, public_docs=False)
    paths = [*PAGES, "/openapi.json", "/docs/assets/swagger-ui.css"]
    async with serving(create_app(replace(closed, **values))) as http:
        statuses = [(await http.get(path)).status_code for path in paths]
        links = (await http.get("/")).json()["links"]
    assert (statuses, list(links)) == expected


async def test_home_says_that_the_database_is_gone(tcp_server: TcpServer, serve: Any):
    async with serve(tcp_server.url()) as http:
        await asyncio.to_thread(tcp_server.stop, "immediate")
        page = await http.get("/", headers=HTML)
        await asyncio.to_thread(tcp_server.start)
    assert (page.status_code, re.findall(r'<td class="unhealthy">(\w+)</td>', page.text)) == (
        200,
        ["unhealthy", "disconnected"],
    )


@pytest.mark.parametrize("path", ["/docs/assets/", "/docs/assets/../core.py", "/docs/assets/%2e%2e/__init__.py"])
async def test_assets_are_only_those_of_the_pages(http: AsyncClient, path: str):
    assert (await http.get(path)).status_code == 404


async def test_a_host_of_the_caller_is_text(http: AsyncClient):
    answer = await http.get("/", headers={**HTML, "Host": '"><script>alert(1)</script>'})
    assert "<script>" not in answer.text
