"""The check of a URL: its path and query must be text that the database can store."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from app.http.problems import ProblemError


def check_url(path: bytes, query: bytes) -> None:
    """Refuse a path or a query, both still percent-encoded, that holds a zero byte or is not UTF-8.

    Raises:
        ProblemError: 400.
    """
    for name, raw in (("path", path), ("query", query)):
        found = unquote_to_bytes(raw)
        if b"\x00" in found:
            raise ProblemError(HTTPStatus.BAD_REQUEST, "zero_byte", f"The {name} holds a zero byte.")
        try:
            found.decode()
        except UnicodeDecodeError as error:
            raise ProblemError(HTTPStatus.BAD_REQUEST, "not_utf8", f"The {name} is not UTF-8.") from error
