"""The registered client: the one that model-based access (`User.prisma()`) uses."""

from __future__ import annotations

from typing import Any, TypeAlias

from prisma.errors import ClientAlreadyRegisteredError, ClientNotRegisteredError

Registration: TypeAlias = Any
"""A client, or a function that returns one."""

_registered: Registration | None = None


def register(client: Registration) -> None:
    """Register a client, or a function that returns one, for model-based access.

    Raises:
        ClientAlreadyRegisteredError: a client is registered already.
        TypeError: it is neither.
    """
    global _registered
    if _registered is not None:
        raise ClientAlreadyRegisteredError
    if not (callable(client) or _is_client(client)):
        raise TypeError(f"Expected either a Prisma instance or a function that returns one but got {client} instead.")
    _registered = client


def get_client() -> Any:
    """Return the registered client.

    Raises:
        ClientNotRegisteredError: there is none.
        TypeError: the registered function returned something else.
    """
    registered = _registered
    if registered is None:
        raise ClientNotRegisteredError
    if _is_client(registered):
        return registered
    client = registered()
    if not _is_client(client):
        raise TypeError(f"Registered function returned {client} instead of a Prisma instance.")
    return client


def is_registered(client: object) -> bool:
    """Return whether `client` is the registered one."""
    return _registered is not None and get_client() is client


def replace(client: Registration | None) -> Registration | None:
    """Put another registration in place of the present one, and return that."""
    global _registered
    previous, _registered = _registered, client
    return previous


def _is_client(registered: Registration) -> bool:
    # Programs register stand-ins of their own, so no class is asked for.
    return hasattr(registered, "is_connected")
