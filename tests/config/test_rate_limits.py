"""The settings of the rate limits: their values and their errors."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from app.config.rate_limits import Policy, load_policy
from app.errors import FatalError


def test_without_anything_loopback_is_spared():
    assert load_policy({}) == Policy(True, (ip_network("127.0.0.0/8"), ip_network("::1/128")), frozenset(), 0)


def test_everything():
    found = load_policy(
        {"RATE_LIMITS": "off", "RATE_LIMIT_WHITELIST": "10.0.0.0/8, user:ada,2001:db8::1", "TRUSTED_PROXIES": "2"}
    )
    networks = (ip_network("10.0.0.0/8"), ip_network("2001:db8::1/128"))
    assert found == Policy(False, networks, frozenset({"user:ada"}), 2)


@pytest.mark.parametrize(
    ("whitelist", "address", "spared"),
    [
        ("", "127.0.0.1", True),
        ("", "::1", True),
        ("", "127.8.9.1", True),
        ("", "192.0.2.1", False),
        ("none", "127.0.0.1", False),
        ("user:ada", "127.0.0.1", False),
        ("192.0.2.0/24", "192.0.2.1", True),
        ("", "unknown", False),
    ],
)
def test_which_addresses_are_spared(whitelist: str, address: str, spared: bool):
    assert load_policy({"RATE_LIMIT_WHITELIST": whitelist}).exempts(address) is spared


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("RATE_LIMITS", "yes", "RATE_LIMITS is 'yes'."),
        ("RATE_LIMIT_WHITELIST", "localhost", "RATE_LIMIT_WHITELIST holds 'localhost', which is no address"),
        ("RATE_LIMIT_WHITELIST", "10.0.0.1/8", "RATE_LIMIT_WHITELIST holds '10.0.0.1/8'"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES is '-1'."),
        ("TRUSTED_PROXIES", "17", "TRUSTED_PROXIES is '17'."),
    ],
)
def test_refused(name: str, value: str, message: str):
    with pytest.raises(FatalError) as caught:
        load_policy({name: value})
    assert caught.value.message.startswith(message)
    assert caught.value.fix
