"""Helpers for tests: replace or remove the registered client."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prisma.client import registry
from prisma.errors import ClientNotRegisteredError

if TYPE_CHECKING:
    from prisma.client.registry import Registration

__all__ = ["reset_client", "unregister_client"]


@contextmanager
def reset_client(new_client: Registration | None = None) -> Generator[None]:
    """Register another client, or a function that returns one, for the length of a block; None: no client.

    Raises:
        ClientNotRegisteredError: there is no client to put back afterwards.
    """
    previous = registry.replace(None)
    if previous is None:
        raise ClientNotRegisteredError
    registry.replace(new_client)
    try:
        yield
    finally:
        registry.replace(previous)


def unregister_client() -> None:
    """Remove the registered client.

    Raises:
        ClientNotRegisteredError: there is none.
    """
    if registry.replace(None) is None:
        raise ClientNotRegisteredError
