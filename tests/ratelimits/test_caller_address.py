"""The address of a caller, with and without proxies."""

from __future__ import annotations

import pytest

from app.ratelimits.caller_address import caller_address, identifier_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("192.0.2.1", [], 0, "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], 0, "192.0.2.1"),  # nobody said that this header can be believed
        ("10.0.0.1", ["203.0.113.9"], 1, "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9"], 1, "203.0.113.9"),  # the first is what the caller wrote
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9"], 1, "203.0.113.9"),  # the header twice is one list
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9, 10.0.0.2"], 2, "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9"], 2, "203.0.113.9"),
        ("10.0.0.1", [], 1, "10.0.0.1"),
        ("10.0.0.1", ["unknown"], 1, "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, _hidden, 10.0.0.2"], 3, "10.0.0.2"),
        ("10.0.0.1", ["203.0.113.9:4711"], 1, "203.0.113.9"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], 1, "2001:db8::1"),
        ("10.0.0.1", ["2001:0DB8:0::1"], 1, "2001:db8::1"),
        ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
        (None, [], 0, "unknown"),
        (None, ["203.0.113.9"], 1, "203.0.113.9"),
        ("testclient", [], 0, "testclient"),
    ],
)
def test_addresses(peer: str | None, forwarded: list[str], proxies: int, address: str):
    assert caller_address(peer, forwarded, proxies) == address


@pytest.mark.parametrize(
    ("address", "identifier"),
    [
        ("192.0.2.7", "ip:192.0.2.7"),
        ("2001:db8:1:2::7", "ip:2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "ip:2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "ip:2001:db8:1:3::/64"),
        ("::1", "ip:::/64"),
        ("unknown", "ip:unknown"),
    ],
)
def test_a_network_is_one_caller(address: str, identifier: str):
    assert identifier_of(address) == identifier
