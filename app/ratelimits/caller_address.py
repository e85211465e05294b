"""The address of a caller, from its connection or from trusted proxies."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = "unknown"  # a Unix socket has no address
_REMEMBERED = 1024  # addresses; callers send many requests, and reading an address takes longer than finding it


def caller_address(peer: str | None, forwarded: Iterable[str], proxies: int) -> str:
    """Return the caller's address in its shortest spelling.

    `peer` is the address of the connection, `forwarded` the values of `X-Forwarded-For`. Each proxy appends the
    address that it saw, so the last `proxies` entries are true, and the first of them is the caller. The caller may
    have made up the entries before them. If an entry is not an address, the proxy that wrote it counts as the caller.
    """
    entries = [entry.strip() for value in forwarded for entry in value.split(",")]
    trusted = entries[-proxies:] if proxies else []
    found = peer or UNKNOWN
    for entry in reversed(trusted):
        address = _address(entry)
        if address is None:
            break
        found = address
    return _address(found) or found


@lru_cache(_REMEMBERED)
def identifier_of(address: str) -> str:
    """Return the identifier for requests from an address: one IPv6 network of 64 bits is one caller.

    A caller with one address of such a network has all of them.
    """
    try:
        found = ip_address(address)
    except ValueError:  # a Unix socket
        return f"ip:{address}"
    if not isinstance(found, IPv6Address):
        return f"ip:{address}"
    return f"ip:{IPv6Network((int(found), 64), strict=False)}"


@lru_cache(_REMEMBERED)
def _address(text: str) -> str | None:
    """Return an address without port and brackets, or None."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)
