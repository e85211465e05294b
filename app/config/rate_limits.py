"""The settings of the rate limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from app.errors import FatalError
from app.ratelimits.tiers import QUOTAS, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOPBACK = "127.0.0.0/8,::1"
MAX_PROXIES = 16
REMEMBERED = 1024  # addresses; reading one takes longer than finding it
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of the rate limits.

    `networks` and `identifiers` (`user:…`) are never limited; `proxies` is how many of the operator's own proxies a
    request passes, for `X-Forwarded-For`; `quotas` are requests per minute.
    """

    enabled: bool = True
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    identifiers: frozenset[str] = frozenset()
    proxies: int = 0
    quotas: Mapping[Tier, int] = field(default_factory=lambda: QUOTAS)

    def exempts(self, address: str) -> bool:
        """Tell whether requests from this address are never limited."""
        return bool(self.networks) and _lies_in(address, self.networks)


@lru_cache(REMEMBERED)
def _lies_in(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:  # a Unix socket, or a name made up by a test
        return False
    return any(found in network for network in networks)


def load_policy(values: Mapping[str, str]) -> Policy:
    """Return the policy of the environment.

    Raises:
        FatalError: a value has the wrong form.
    """
    switch = values.get("RATE_LIMITS") or "on"
    if switch not in _SWITCH:
        raise FatalError(f"RATE_LIMITS is {switch!r}.", "Set it to on or off, or leave it out.")
    networks, identifiers = _whitelist(values.get("RATE_LIMIT_WHITELIST") or LOOPBACK)
    return Policy(_SWITCH[switch], networks, identifiers, _proxies(values.get("TRUSTED_PROXIES") or "0"))


def _whitelist(text: str) -> tuple[tuple[IPv4Network | IPv6Network, ...], frozenset[str]]:
    networks: list[IPv4Network | IPv6Network] = []
    identifiers: set[str] = set()
    for word in filter(None, (part.strip() for part in text.split(","))):
        if word == "none":
            continue
        if word.startswith("user:"):
            identifiers.add(word)
            continue
        try:
            networks.append(ip_network(word))
        except ValueError as error:
            raise FatalError(
                f"RATE_LIMIT_WHITELIST holds {word!r}, which is no address, network or user.",
                "List addresses (192.0.2.7), networks (10.0.0.0/8) and users (user:ID) with commas, or write none.",
            ) from error
    return tuple(networks), frozenset(identifiers)


def _proxies(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_PROXIES:
        raise FatalError(
            f"TRUSTED_PROXIES is {text!r}.", f"Set it to a whole number from 0 to {MAX_PROXIES}, or leave it out."
        )
    return int(text)
