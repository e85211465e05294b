"""The answers to what is no HTTP request: problems, as all other refusals are.

uvicorn would answer in plain text, and fail with a traceback if the request was answered before its faulty part came.
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.http.problems import ProblemError, problem_answer
from app.process.chunked_bodies import BoundedConnection

MAX_HEAD: Final = 64 * 1024  # bytes of an address with its headers, as in uvicorn itself
_MALFORMED: Final = ProblemError(HTTPStatus.BAD_REQUEST, "malformed_request", "This is no valid HTTP/1.1 request.")
_TOO_LARGE: Final = ProblemError(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", "The address and the headers are too long."
)


class StrictProtocol(H11Protocol):
    """HTTP on one connection, which a malformed request ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = self.config.h11_max_incomplete_event_size
        self.conn = BoundedConnection(h11.SERVER, MAX_HEAD if most is None else most)

    def send_400_response(self, msg: str) -> None:
        """Refuse the request that h11 could not read; without an answer, if it has one already."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            fault = sys.exception()
            hint = fault.error_status_hint if isinstance(fault, h11.RemoteProtocolError) else HTTPStatus.BAD_REQUEST
            # h11 hints at 501 for unknown encodings; to the caller, all others are the same.
            self._refuse(_TOO_LARGE if hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE else _MALFORMED)
        self.transport.close()

    def _refuse(self, problem: ProblemError) -> None:
        answer = problem_answer(problem)
        headers = [*answer.raw_headers, (b"x-content-type-options", b"nosniff"), (b"connection", b"close")]
        head = h11.Response(status_code=answer.status_code, headers=headers, reason=problem.status.phrase.encode())
        for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
