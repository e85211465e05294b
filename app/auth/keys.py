"""The making of API keys, and their forms in the database."""

from __future__ import annotations

import hashlib
import re
import secrets

PREFIX = "ain_"  # people, and scanners of repositories, recognise a key by it
ENTROPY = 32  # bytes
STORED_PREFIX = "sha256:"

_KEY = re.compile(r"[\x21-\x7e]{1,512}")  # visible ASCII
# The web application may make tokens of any characters, which its cookies percent-encode; PostgreSQL has no NUL.
_TOKEN = re.compile(r"[^\x00]{1,512}")


def new_key() -> str:
    """Return a new key, as its owner gets it."""
    return PREFIX + secrets.token_urlsafe(ENTROPY)


def stored(key: str) -> str:
    """Return the form in which the database stores a key of the service."""
    # Without salt and stretching: a key has 256 random bits, which is too many to guess, and is looked up by its hash.
    return STORED_PREFIX + hashlib.sha256(key.encode()).hexdigest()


def stored_forms(key: str) -> list[str]:
    """Return all forms in which the database may hold a key: hashed, or in clear as the TypeScript application does."""
    if not _KEY.fullmatch(key):
        return []
    # A stored hash must not work as a key in clear text, or a copy of the database would open the service.
    return [stored(key)] if key.startswith(STORED_PREFIX) else [stored(key), key]


def is_token(text: str) -> bool:
    """Tell whether a text can be a session's token."""
    return _TOKEN.fullmatch(text) is not None
