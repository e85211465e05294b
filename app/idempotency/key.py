"""The syntax of the header Idempotency-Key, and the fingerprint that distinguishes two requests."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus

from app.http.problems import ProblemError

MAX_LENGTH = 255
# A structured string (RFC 9651), as the draft wants it, or the same characters without quotes, as most clients send it.
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BARE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_ESCAPE = re.compile(r"\\(.)")


def parse_key(header: str) -> str:
    """Return the key that a header gives, without quotes.

    Raises:
        ProblemError: 400, it gives none.
    """
    text = header.strip(" \t")
    if quoted := _QUOTED.fullmatch(text):
        key = _ESCAPE.sub(r"\1", quoted[1])
    else:
        key = text if _BARE.fullmatch(text) else ""
    if not 0 < len(key) <= MAX_LENGTH:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "invalid_idempotency_key",
            f"Idempotency-Key must be 1 to {MAX_LENGTH} visible ASCII characters, in double quotes or bare.",
        )
    return key


def fingerprint(method: str, path: str, query: bytes, body: bytes) -> str:
    """Return a hash that is equal for two equal requests."""
    found = hashlib.sha256()
    for part in (method.encode(), path.encode("utf-8", "surrogateescape"), query, body):
        # With lengths, so that bytes can't move from one part to the next.
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
