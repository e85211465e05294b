"""The document that loads Studio's page, and the headers that keep the page on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# The page calls home from the browser, which no setting turns off: the browser is told to reach nobody but us.
_POLICY: Final = (
    "default-src 'self' blob: data:",
    "script-src 'self' 'sha256-{}' 'wasm-unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' blob: data:",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
_HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def headers(adapter: str) -> Mapping[str, str]:
    """Return the headers of every answer; `adapter` is the page's word for the kind of database."""
    digest = base64.b64encode(hashlib.sha256(_settings(adapter).encode()).digest()).decode("ascii")
    return {"Content-Security-Policy": "; ".join(_POLICY).format(digest), **_HEADERS}


def document(assets: Collection[str], adapter: str) -> bytes:
    """Return the HTML document that loads the assets: scripts and stylesheets, by their names."""
    styles = "\n".join(f'<link rel="stylesheet" href="/{name}">' for name in assets if name.endswith(".css"))
    scripts = "\n".join(f'<script type="module" src="/{name}"></script>' for name in assets if name.endswith(".js"))
    return f"""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Prisma Studio</title>
<link rel="icon" href="data:,">
{styles}
<style>html, body, #root {{ height: 100%; margin: 0; }} body {{ color: black; }}</style>
<body>
<div id="root"></div>
<script>{_settings(adapter)}</script>
{scripts}
""".encode()


def _settings(adapter: str) -> str:
    return f"window.__STUDIO_CONFIG__ = {json.dumps({'adapter': adapter})};"
