"""ASGI: one request to an application in this process, without the HTTP server that is the same for all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


async def request(app: Any, path: str, headers: Sequence[tuple[bytes, bytes]], state: Mapping[str, Any]) -> Any:
    """Return the body of the answer to GET; AssertionError where it is not a success."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"service"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": dict(state),
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent
    return json.loads(b"".join(message.get("body", b"") for message in sent[1:]))
