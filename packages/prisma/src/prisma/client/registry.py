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
    """
    global _registered
    if _registered is not None:
        raise ClientAlreadyRegisteredError
    _registered = client


def get_client() -> Any:
    """Return the registered client.

    Raises:
        ClientNotRegisteredError: there is none.
    """
    registered = _registered
    if registered is None:
        raise ClientNotRegisteredError
    return registered() if _is_factory(registered) else registered


def is_registered(client: object) -> bool:
    """Return whether `client` is the registered one."""
    return _registered is not None and get_client() is client


def replace(client: Registration | None) -> Registration | None:
    """Put another registration in place of the present one, and return that."""
    global _registered
    previous, _registered = _registered, client
    return previous


def _is_factory(registered: Registration) -> bool:
    return callable(registered) and not hasattr(registered, "is_connected")
