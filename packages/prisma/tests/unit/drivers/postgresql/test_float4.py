"""Four-byte floats are read as the server writes them."""

from __future__ import annotations

import math
from struct import pack, unpack

import pytest

from prisma.drivers.postgresql.asyncpg.float4 import shortest

NUMBERS = [
    0.0,
    -0.0,
    0.1,
    -0.1,
    0.3,
    1.5,
    16777216.0,
    123456.79,
    3.1415927,
    1e-45,
    1.1754944e-38,
    3.4028235e38,
    math.inf,
]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_shortest_number_comes_back(number: float) -> None:
    assert repr(shortest(unpack("f", pack("f", number))[0])) == repr(number)
