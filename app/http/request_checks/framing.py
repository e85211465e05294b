"""The checks of what surrounds a request's content: its target and the length of its body.

A target may be a whole address, as for proxies (RFC 9112, 3.2.2). Everything after this sees it as a path.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from app.http.problems import ProblemError, problem_answer
from app.request_headers import headers_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_ADDRESS = re.compile(rb"https?://([^/?#]+)(.*)", re.IGNORECASE)


class FramingCheck:
    """ASGI middleware: the target is a path, and a body has one length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # A server of HTTP/1.1 takes whatever stands there; those of later versions say `2` and `3`.
            version = scope["http_version"]
            if "." in version and version[:2] != "1.":
                await problem_answer(_OTHER_VERSION)(scope, receive, send)
                return
            headers = headers_of(scope).first
            if b"transfer-encoding" in headers and b"content-length" in headers:
                await problem_answer(_TWO_LENGTHS)(scope, receive, send)
                return
            if scope["path"][:1] != "/":
                _take_address(scope)
        await self._app(scope, receive, send)


def _take_address(scope: Scope) -> None:
    """Put the parts of a whole address where those of other requests are."""
    match = _ADDRESS.fullmatch(scope.get("raw_path", b""))
    if match is not None:
        host, path = match.groups()
        scope["raw_path"] = path or b"/"
        scope["path"] = unquote(scope["raw_path"].decode("ascii"))
        # This host counts, whatever the header says.
        scope["headers"] = [(b"host", host), *(header for header in scope["headers"] if header[0] != b"host")]


_OTHER_VERSION = ProblemError(
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
    "http_version",
    "Only HTTP/1.0 and HTTP/1.1 are spoken here.",
    headers={"Connection": "close", "X-Content-Type-Options": "nosniff"},
)
# A proxy may believe the other length, and take the rest of the body for another caller's request.
_TWO_LENGTHS = ProblemError(
    HTTPStatus.BAD_REQUEST,
    "two_lengths",
    "There are both Transfer-Encoding and Content-Length.",
    headers={"Connection": "close", "X-Content-Type-Options": "nosniff"},
)
