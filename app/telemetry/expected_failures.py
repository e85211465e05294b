"""Failures of statements that are answers: neither the log nor the counter of failures tells of them."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_expected: ContextVar[str | None] = ContextVar("expected", default=None)


@contextmanager
def expecting(kind: str) -> Generator[None]:
    """Let statements inside the block fail with this kind of failure, as the client's events name it."""
    token = _expected.set(kind)
    try:
        yield
    finally:
        _expected.reset(token)


def is_expected(message: str) -> bool:
    """Tell whether an event of the client tells of a failure that its task expects."""
    kind = _expected.get()
    return kind is not None and f"({kind})" in message
