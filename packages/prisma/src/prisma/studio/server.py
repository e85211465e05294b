"""Studio over HTTP: the page and its questions, on this machine's loopback only."""

from __future__ import annotations

import json
import logging
import os
import socketserver
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from prisma.studio.access import HOST, Access
from prisma.studio.answers import Answers, UnreadableRequest
from prisma.studio.callers import IDLE_TIME, REQUEST_TIME, Callers, ConnectedCaller
from prisma.studio.page import document, headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prisma.studio.database import StudioDatabase

log = logging.getLogger(__name__)

QUESTIONS: Final = "/bff"
TELEMETRY: Final = "/telemetry"
MAX_BODY: Final = 64 * 2**20  # bytes
LOOK_INTERVAL: Final = 0.25  # seconds between two looks at the callers
WRITE_TIME: Final = 60.0  # seconds for a browser to take what it is sent
_UNKNOWN: Final = "Open the address that `prisma studio` printed: it holds the token of this Studio."
_TYPES: Final = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


class StudioServer(socketserver.ThreadingTCPServer):
    """Listens on a port of the loopback; OSError says that the port is taken.

    `assets` are the page's script and stylesheet, by their names.
    """

    daemon_threads = True
    # On Windows, the option lets two programs share a port.
    allow_reuse_address = os.name == "posix"
    request_queue_size = 64

    def __init__(self, port: int, database: StudioDatabase, assets: Mapping[str, bytes]) -> None:
        self.callers = Callers()
        super().__init__((HOST, port), StudioHandler)
        self.access = Access(self.server_address[1])
        self.answers = Answers(database)
        self.files: Mapping[str, tuple[str, bytes]] = {
            "/": ("text/html; charset=utf-8", document(assets, database.adapter)),
            **{f"/{name}": (_TYPES[name.rpartition(".")[2]], content) for name, content in assets.items()},
        }
        self.page_headers = headers(database.adapter)
        schema = database.start_schema
        # The page keeps the chosen schema in its address.
        self.start = "/" if schema is None else f"/#schema={quote(schema, safe='')}"

    def run(self) -> None:
        """Serve until KeyboardInterrupt, then cancel what is under way."""
        try:
            self.serve_forever(LOOK_INTERVAL)
        finally:
            self.server_close()
            self.callers.stop()

    def service_actions(self) -> None:
        self.callers.look()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.callers.has_room()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A browser may hang up at any time.
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            log.error("Studio failed to answer a request.", exc_info=error)


class StudioHandler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    timeout = WRITE_TIME
    server: StudioServer  # pyright: ignore[reportIncompatibleVariableOverride]
    _caller: ConnectedCaller

    def handle(self) -> None:
        with self.server.callers.connected(self.connection) as self._caller:
            super().handle()

    def handle_one_request(self) -> None:
        self._caller.must_speak_within(IDLE_TIME)
        super().handle_one_request()

    def parse_request(self) -> bool:
        self._caller.must_speak_within(REQUEST_TIME)
        return super().parse_request()

    def do_GET(self) -> None:
        self._caller.must_speak_within(None)
        path, _, query = self.path.partition("?")
        if not self._is_own():
            return self._send(HTTPStatus.FORBIDDEN)
        if path == "/" and query and self.server.access.accepts_token(query):
            headers = {"Location": self.server.start, "Set-Cookie": self.server.access.set_cookie}
            return self._send(HTTPStatus.SEE_OTHER, headers=headers)
        if not self._is_known():
            return self._send(HTTPStatus.UNAUTHORIZED, _UNKNOWN.encode())
        found = self.server.files.get(path)
        if found is None:
            return self._send(HTTPStatus.NOT_FOUND)
        return self._send(HTTPStatus.OK, found[1], found[0])

    do_HEAD = do_GET

    def do_POST(self) -> None:
        if not self._is_own():
            return self._refuse(HTTPStatus.FORBIDDEN)
        if not self._is_known():
            return self._refuse(HTTPStatus.UNAUTHORIZED, _UNKNOWN)
        if self.path not in (QUESTIONS, TELEMETRY):
            return self._refuse(HTTPStatus.NOT_FOUND)
        body = self._body()
        self._caller.must_speak_within(None)
        if body is None:
            return None
        # The page reports that it has started; nobody is told.
        return self._send(HTTPStatus.OK) if self.path == TELEMETRY else self._answer(body)

    def _answer(self, body: bytes) -> None:
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            return self._send(HTTPStatus.BAD_REQUEST, b"The body is not JSON.")
        try:
            answer = self.server.answers.answer(request, self._caller)
        except UnreadableRequest as error:
            return self._send(HTTPStatus.BAD_REQUEST, str(error).encode())
        return self._send(HTTPStatus.OK, answer.encode(errors="replace"), "application/json")

    def _body(self) -> bytes | None:
        """Return the body, or None after a refusal."""
        # Another page could send forms and plain text without asking, if a browser forgot `Origin`.
        if self.path == QUESTIONS and self.headers.get_content_type() != "application/json":
            return self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or "Transfer-Encoding" in self.headers:
            return self._refuse(HTTPStatus.LENGTH_REQUIRED)
        # Not even read as a number if it is too long for one.
        if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            return self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {MAX_BODY >> 20} MiB.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return body

    def _is_own(self) -> bool:
        # A second header of a name would not be looked at.
        hosts, origins = self.headers.get_all("Host", []), self.headers.get_all("Origin", [None])
        return len(hosts) == len(origins) == 1 and self.server.access.is_own(hosts[0], origins[0])

    def _is_known(self) -> bool:
        return self.server.access.accepts_cookie(self.headers.get("Cookie"))

    def _refuse(self, status: HTTPStatus, reason: str = "") -> None:
        # The body has not been read, so that the next request can't be found.
        self.close_connection = True
        self._caller.must_speak_within(None)
        self._send(status, reason.encode(), headers={"Connection": "close"})

    def _send(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        content_type: str = "text/plain; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        body = body or (b"" if status < HTTPStatus.BAD_REQUEST else status.phrase.encode())
        self.send_response(status)
        for name, value in {"Content-Type": content_type, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in self.server.page_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def version_string(self) -> str:
        return "prisma-studio"

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: an address may hold the token."""
