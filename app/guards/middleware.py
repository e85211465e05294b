"""The guards as middleware: a request reaches the routes only when its address and its body are sound."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from app.errors import ProblemError, problem_answer
from app.guards.address import check_address
from app.guards.json import check_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1024 * 1024  # bytes


class Guards:
    """Refuses, before any route reads them: addresses that no database can hold, long bodies and hurtful JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            check_address(scope.get("raw_path") or scope["path"].encode(), scope["query_string"])
            if b"content-length" in headers or b"transfer-encoding" in headers:
                body = await _read(headers, receive)
                if body is None:
                    return  # the caller has gone
                if body and _is_json(headers.get(b"content-type", b"")):
                    check_json(body)
                receive = _again(body, receive)
        except ProblemError as error:
            await problem_answer(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_json(content_type: bytes) -> bool:
    kind = content_type.partition(b";")[0].strip().lower()
    return kind == b"application/json" or (kind.startswith(b"application/") and kind.endswith(b"+json"))


async def _read(headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
    """Return the whole body, or None when the caller goes away before its end.

    Raises:
        ProblemError: 413, as soon as it is known.
    """
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > MAX_BODY:
        raise _TOO_LARGE
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        # Whatever was announced: a body in pieces announces nothing.
        if size > MAX_BODY:
            raise _TOO_LARGE
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, then what the server still has to say."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


_TOO_LARGE = ProblemError(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", f"A body may have {MAX_BODY} bytes at most."
)
