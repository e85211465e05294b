"""The servers of a URL: which roles suit which `target_session_attrs`, and what messages call them."""

from __future__ import annotations

import pytest

from prisma.drivers.addresses import Address
from prisma.drivers.postgresql.addresses import TargetSession

# What a server is: (is_standby, is_read_only). The third is a primary that an administrator has closed for writes.
PRIMARY, STANDBY, CLOSED = (False, False), (True, True), (False, True)

SUITABLE = {
    "any": {PRIMARY, STANDBY, CLOSED},
    "prefer-standby": {PRIMARY, STANDBY, CLOSED},
    "read-write": {PRIMARY},
    "read-only": {STANDBY, CLOSED},
    "primary": {PRIMARY, CLOSED},
    "standby": {STANDBY},
}


@pytest.mark.parametrize("target", TargetSession)
def test_which_servers_suit(target: TargetSession) -> None:
    suitable = {
        (is_standby, is_read_only)
        for is_standby, is_read_only in (PRIMARY, STANDBY, CLOSED)
        if target.refusal(is_standby=is_standby, is_read_only=is_read_only) is None
    }
    assert suitable == SUITABLE[target]


def test_places() -> None:
    addresses = [Address("h", 1), Address("::1", 2), Address("localhost", 3, "/run/pg")]
    assert [address.place for address in addresses] == ["h:1", "[::1]:2", "/run/pg:3"]
