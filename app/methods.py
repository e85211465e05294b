"""The HTTP methods that the service knows, and the safe ones, which change nothing."""

from __future__ import annotations

KNOWN = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OTHER = "OTHER"


def known_method(method: str) -> str:
    """Return a method for logs and metrics: a caller's own word must not become a label."""
    return method if method in KNOWN else OTHER
