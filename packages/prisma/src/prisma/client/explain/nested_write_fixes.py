"""Fixes: advice about a nested write that the plan refuses, added to the sentence of Prisma's own runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_CREATE: Final = "Create what is missing first, or use `connect_or_create`."
_FIXES: Final = {
    "P2014": "Connect the record that would be left without it to another one, or delete it.",
    "P2017": "Name connected records only, or use `delete_many`, which passes over others.",
    "P2018": _CREATE,
}


def with_fix(code: str | None, sentence: str, meta: Mapping[str, Any]) -> str:
    """Return the sentence with what to do; as it is where nothing more can be said."""
    # A record that is missing has one code, whatever it was needed for.
    connects = code == "P2025" and (meta.get("operation") == "a nested connect" or "expectedRows" in meta)
    fix = _CREATE if connects else _FIXES.get(code or "")
    return f"{sentence} {fix}" if fix else sentence
