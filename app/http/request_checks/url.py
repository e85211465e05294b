"""The check of a URL: its path and query must be text that the database can store.

A slash inside a value, percent-encoded in the path, must not separate values. Servers decode the path before the
routes see it, so such a slash is kept as a zero character, which no valid path holds.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from app.http.problems import ProblemError

_SLASH = re.compile(rb"%2f", re.IGNORECASE)
_KEPT_SLASH = "\0"


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


def routed_path(path: bytes) -> str | None:
    """Return the decoded form of a checked path for the routes; None if the server's own is right."""
    if b"%2" not in path or not _SLASH.search(path):
        return None
    return unquote(_SLASH.sub(b"%00", path).decode())


def path_value(value: Any) -> Any:
    """Return a value from a path with the slashes that belong to it."""
    return value.replace(_KEPT_SLASH, "/") if isinstance(value, str) else value
