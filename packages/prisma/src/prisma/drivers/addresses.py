"""The servers that a URL names, and the parts of a URL that may name several."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote

from prisma.drivers.url_parameters import invalid_url
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PORT = 65535

_PLACE = re.compile(r"(\[[0-9A-Za-z:.%_-]+\]|[^:\[\],]*)(?::([0-9]*))?")


class HostOrder(StrEnum):
    """In which order the servers are tried; the values are libpq's words for `load_balance_hosts`."""

    DISABLE = "disable"
    RANDOM = "random"


class Address(Frozen):
    """Where a server listens; `socket_folder` is set for a Unix socket of PostgreSQL and wins over `host`."""

    host: str
    port: int
    socket_folder: str | None = None

    @property
    def place(self) -> str:
        """What messages call the server."""
        if self.socket_folder is not None:
            return f"{self.socket_folder}:{self.port}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def facts_of(addresses: Sequence[Address], reasons: dict[str, str]) -> dict[str, object]:
    """Return the fields of a fault for servers none of which will do; `reasons` says of each place why."""
    return {
        "message": "; ".join(f"{place}: {reason}" for place, reason in reasons.items()),
        "host": ",".join(address.socket_folder or address.host for address in addresses),
        "port": ",".join(str(address.port) for address in addresses),
        "reasons": reasons,
    }


def url_parts(url: str) -> SplitResult:
    """Return the parts as urlsplit() does, which takes several hosts with brackets for a mistake."""
    scheme, _, rest = re.sub(r"[\t\r\n]", "", url).partition("://")
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    places, slash, path = rest.partition("/")
    return SplitResult(scheme, places, slash + path, query, fragment)


def host_and_port(place: str, default_port: int) -> tuple[str, int]:
    """Return the parts of one place, such as `[::1]:5432`; the host may be empty."""
    match = _PLACE.fullmatch(place)
    if match is None:
        if "[" in place or "]" in place:
            raise invalid_url("its host is malformed")
        raise invalid_url("its port is not a number; a special character in the password must be percent-encoded")
    return checked_host(decoded(match[1].strip("[]"), "the host")), port_of(match[2] or "", default_port)


def checked_host(host: str) -> str:
    """Return a host that may be looked up, or the folder of a socket, which begins with `/`."""
    if host.startswith("/"):
        return host
    if any(character.isspace() for character in host):
        raise invalid_url("its host holds a blank")
    labels = host.removesuffix(".").split(".")
    if host and not (host.isascii() and all(0 < len(label) < 64 for label in labels)):
        try:
            # As the look-up does it.
            host.encode("idna")
        except UnicodeError:
            raise invalid_url("its host is no name of a machine") from None
    return host


def port_of(text: str, default_port: int) -> int:
    """Return the port in a text, the default one for an empty text."""
    if not text:
        return default_port
    if not text.isascii() or not text.isdigit():
        raise invalid_url("its port is not a number", parameter="port")
    if not 0 < int(text) <= MAX_PORT:
        raise invalid_url(f"its port must be between 1 and {MAX_PORT}")
    return int(text)


def decoded(text: str, what: str) -> str:
    """Return a percent-encoded part of a URL as it is meant."""
    try:
        plain = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise invalid_url(f"{what} is not percent-encoded UTF-8") from None
    if "\0" in plain:
        raise invalid_url(f"{what} holds a zero byte")
    return plain
