"""API keys: how they are made, and how the database stores them."""

from __future__ import annotations

import hashlib
import re
import secrets

PREFIX = "ain_"  # so that people, and scanners of repositories, recognise a key
ENTROPY = 32  # bytes
STORED_PREFIX = "sha256:"

# What a credential can be at all: visible ASCII. Anything else the database could not even compare.
_CREDENTIAL = re.compile(r"[\x21-\x7e]{1,512}")


def new_key() -> str:
    """Return a new key, as its owner gets it."""
    return PREFIX + secrets.token_urlsafe(ENTROPY)


def stored(key: str) -> str:
    """Return what the database holds for a key that was made here."""
    # Without salt and stretching: a key has 256 random bits, which nobody guesses, and must be found by what it is.
    return STORED_PREFIX + hashlib.sha256(key.encode()).hexdigest()


def stored_forms(key: str) -> list[str]:
    """Return all forms in which the database may hold a key: hashed, or in clear as the TypeScript application does."""
    if not is_credential(key):
        return []
    # Whoever has read the database holds hashes: none of them may be used as the key in clear that it looks like.
    return [stored(key)] if key.startswith(STORED_PREFIX) else [stored(key), key]


def is_credential(text: str) -> bool:
    """Tell whether a text can be a key or a session's token."""
    return _CREDENTIAL.fullmatch(text) is not None
