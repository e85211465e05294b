"""A page: its template, and the Content-Security-Policy that lets a browser load only what the page needs."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from string import Template

from fastapi.responses import HTMLResponse

_FOLDER = Path(__file__).parent / "templates"
# A page loads nothing, sends no form, and is shown in no frame, unless its own rules say more.
_CLOSED = {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}


class Page:
    """An HTML template with `values` that may be marked up, and the rules of its policy."""

    def __init__(self, name: str, rules: dict[str, str], **values: str) -> None:
        self._template = Template(_read(name)).safe_substitute(values)
        policy = {**_CLOSED, "frame-ancestors": "'none'", **rules}
        self._headers = {
            "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        }

    def answer(self, *, marked_up: dict[str, str] | None = None, **values: str) -> HTMLResponse:
        """Return the page with these values; all but those that are `marked_up` are text."""
        texts = {name: escape(value) for name, value in values.items()}
        return HTMLResponse(Template(self._template).substitute(texts | (marked_up or {})), headers=self._headers)


def inline(name: str) -> tuple[str, str]:
    """Return the text of a style or script that a template contains, and the source that allows it in a policy."""
    text = _read(name)
    return text, f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
