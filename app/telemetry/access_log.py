"""The access log: each request gets an id, and its response goes to the log and the metrics.

An entry has the method, the template of the route, the status, the duration and the caller. It never has paths,
queries, headers or bodies, because they may hold secrets.
"""

from __future__ import annotations

import logging
import os
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from app.methods import known_method
from app.paths import HEALTH, METRICS
from app.request_headers import headers_of
from app.telemetry.metrics import REQUEST_DURATION, REQUESTS, REQUESTS_IN_PROGRESS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("app.access")

_NAME = "x-request-id"
HEADER = _NAME.encode()
# Monitoring asks for these every few seconds, which would fill the log.
QUIET_ROUTES = frozenset({HEALTH, METRICS})
NO_ROUTE = "(none)"
CLIENT_GONE = 499
FAILED = 500

# The library makes the texts of labels, and takes a lock, each time that it looks for them.
_counter = cache(REQUESTS.labels)
_histogram = cache(REQUEST_DURATION.labels)

_SANE_ID = re.compile(r"[A-Za-z0-9._:+/=@-]{1,128}")


@dataclass(slots=True)
class RequestRecord:
    """The facts about a request that logs and metrics report.

    `status` is 0 until the response begins, `caller` the id of a user, `trace_id` the id of its trace, if it has one.
    """

    id: str
    method: str
    route: str = NO_ROUTE
    status: int = 0
    caller: str | None = None
    trace_id: str | None = None


_current: ContextVar[RequestRecord | None] = ContextVar("request", default=None)


def current_request() -> RequestRecord | None:
    """Return the record of the request that this task works on."""
    return _current.get()


def set_caller(user_id: str) -> None:
    """Record the caller of the request that this task works on."""
    record = _current.get()
    if record is not None:
        record.caller = user_id


class AccessLog:
    """ASGI middleware around everything else, also around the response to unexpected errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = RequestRecord(_request_id(scope), known_method(scope["method"]))

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, record.id.encode())]}
            await send(message)

        token = _current.set(record)
        began = time.perf_counter()
        REQUESTS_IN_PROGRESS.inc()
        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            # The log has an error that was answered; raising it would make the server log it again.
            if not record.status:
                record.status = FAILED
                raise
        finally:
            REQUESTS_IN_PROGRESS.dec()
            _report(record, scope, time.perf_counter() - began)
            _current.reset(token)


def _request_id(scope: Scope) -> str:
    given = headers_of(scope).get(_NAME)
    return given if given is not None and _SANE_ID.fullmatch(given) else os.urandom(16).hex()


def _report(record: RequestRecord, scope: Scope, seconds: float) -> None:
    record.status = record.status or CLIENT_GONE
    record.route = route_of(scope)
    _counter(record.method, record.route, record.status).inc()
    _histogram(record.method, record.route).observe(seconds)
    fields: dict[str, Any] = {
        "method": record.method,
        "route": record.route,
        "status": record.status,
        "duration_ms": round(seconds * 1000, 1),
    }
    if record.caller is not None:
        fields["caller"] = record.caller
    level = logging.DEBUG if record.route in QUIET_ROUTES and record.status < FAILED else logging.INFO
    log.log(level, "%s %s %d", record.method, record.route, record.status, extra={"fields": fields})


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, such as `/api/users/{id}`."""
    return getattr(scope.get("route"), "path", None) or NO_ROUTE
