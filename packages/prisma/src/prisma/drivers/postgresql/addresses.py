"""The servers that a URL names: one, or several of which the first that suits is taken, as libpq does it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from prisma.drivers.addresses import Address, checked_host, host_and_port, port_of
from prisma.drivers.url_parameters import invalid_url

if TYPE_CHECKING:
    from prisma.drivers.url_parameters import UrlParameters

DEFAULT_PORT = 5432


class TargetSession(StrEnum):
    """Which servers will do; the values are libpq's words for `target_session_attrs`."""

    ANY = "any"
    READ_WRITE = "read-write"
    READ_ONLY = "read-only"
    PRIMARY = "primary"
    STANDBY = "standby"
    PREFER_STANDBY = "prefer-standby"

    @property
    def for_writes(self) -> TargetSession | None:
        """What a server must still be that has refused a write; None where none was to be expected."""
        if self is TargetSession.ANY:
            return TargetSession.PRIMARY
        return self if self in (TargetSession.READ_WRITE, TargetSession.PRIMARY) else None

    def refusal(self, *, is_standby: bool, is_read_only: bool) -> str | None:
        """Return why a server will not do, None for one that will; a preference refuses nobody."""
        if self is TargetSession.READ_WRITE and is_read_only:
            return "the server is a standby" if is_standby else "its sessions are read-only"
        if self is TargetSession.READ_ONLY and not is_read_only:
            return "its sessions are not read-only"
        if self is TargetSession.PRIMARY and is_standby:
            return "the server is a standby"
        if self is TargetSession.STANDBY and not is_standby:
            return "the server is not a standby"
        return None


def read_addresses(places: str, parameters: UrlParameters) -> tuple[Address, ...]:
    """Return the addresses in the part of a URL between `@` and `/`, and in its parameters `host` and `port`.

    The parameters win. One port is for all hosts; else there is one for each.
    """
    named = [host_and_port(place, DEFAULT_PORT) for place in places.split(",")]
    hosts, ports = [host for host, _ in named], [port for _, port in named]
    given_hosts, given_ports = parameters.take("host"), parameters.take("port")
    in_place = hosts
    if given_hosts is not None:
        hosts = [checked_host(host) for host in given_hosts.split(",")]
    if given_ports is not None:
        ports = [port_of(port, DEFAULT_PORT) for port in given_ports.split(",")]
    if len(ports) == 1:
        ports *= len(hosts)
    if len(ports) != len(hosts):
        raise invalid_url(f"it names {len(ports)} ports for {len(hosts)} hosts")
    if len(in_place) != len(hosts):
        in_place = [""] * len(hosts)
    return tuple(_address(host, port, name) for host, port, name in zip(hosts, ports, in_place, strict=True))


def _address(host: str, port: int, name: str) -> Address:
    """Return one address; `name` is that of the server whose socket is in the folder `host`."""
    if host.startswith("/"):
        return Address("localhost" if not name or name.startswith("/") else name, port, host)
    if not host:
        raise invalid_url("it names no host")
    return Address(host, port)
