"""Generators: the times and identifiers that the client makes for the database."""

from __future__ import annotations

import copy
import hashlib
import itertools
import string
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

_BASE36 = string.digits + string.ascii_lowercase
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NANOID = string.ascii_letters + string.digits + "_-"
_PAIR = 36**2
_CUID_BLOCK = _PAIR**2
# RFC 9562: the two highest bits of the digit are 10.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_CUID2_LENGTH = 24
_NANOID_LENGTH = 21


class Generators:
    """Makes values from a clock and a source of randomness; shared between runs and threads.

    `clock` returns an aware datetime, `random_bytes(n)` n unpredictable bytes.
    """

    def __init__(self, *, clock: Callable[[], datetime], random_bytes: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._moment: datetime | None = None
        self._random_bytes = random_bytes
        # Both kinds of cuid tell makers apart by a fingerprint and values of one millisecond by a counter.
        self._fingerprint = random_bytes(16)
        self._counter = itertools.count(int.from_bytes(random_bytes(2)))
        self._maker = _base36(int.from_bytes(self._fingerprint), 4)

    def now(self) -> datetime:
        """Return the time in whole milliseconds, which is what DateTime columns hold."""
        moment = self._moment or self._clock()
        # A difference takes a fifth of the time of `replace`.
        return moment - timedelta(microseconds=moment.microsecond % 1000)

    def of_one_moment(self) -> Generators:
        """Return the same generators with a stopped clock, for several runs that are one operation."""
        twin = copy.copy(self)
        twin._moment = self._clock()
        return twin

    def many(self, name: str, count: int, *options: Any) -> list[str]:
        """Return `count` values of the generator called `name`, as if it had been called so often with the options."""
        # The defaults of most schemas have loops of their own; the other generators are called for each value.
        if name == "cuid" and options in {(), (1,)}:
            return self._cuid1s(count)
        if name == "uuid" and options in {(), (4,)}:
            return self._uuid4s(count)
        make = getattr(self, name)
        return [make(*options) for _ in range(count)]

    def uuid(self, version: int = 4) -> str:
        """Return a random UUID (4) or one that sorts by time (7)."""
        # All bits are random at first; the parts with a meaning are then written over them.
        value = int.from_bytes(self._random_bytes(16))
        if version == 7:
            value = self._milliseconds() << 80 | value & ((1 << 80) - 1)
        # RFC 9562: four bits of version, two bits of variant.
        value = value & ~(0xF << 76) | version << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return str(UUID(int=value))

    def cuid(self, version: int = 1) -> str:
        """Return a collision-resistant id: `c` and 24 characters (1), or 24 characters that tell nothing (2)."""
        return self._cuid2() if version == 2 else self._cuid1s(1)[0]

    def _cuid1s(self, count: int) -> list[str]:
        # For a million rows this is most of what the client does, so: no call for each value or digit.
        pairs = _base36_pairs()
        past, rest = divmod(self._milliseconds(), _CUID_BLOCK)
        time = f"{_half_hour(past)}{pairs[rest // _PAIR]}{pairs[rest % _PAIR]}"
        maker = self._maker
        randomness = self._random_bytes(8 * count)
        made: list[str] = []
        for start, number in zip(range(0, 8 * count, 8), self._counter, strict=False):
            high, low = divmod(number % _CUID_BLOCK, _PAIR)
            left, right = divmod(int.from_bytes(randomness[start : start + 8]) % _CUID_BLOCK**2, _CUID_BLOCK)
            made.append(
                f"c{time}{pairs[high]}{pairs[low]}{maker}"
                f"{pairs[left // _PAIR]}{pairs[left % _PAIR]}{pairs[right // _PAIR]}{pairs[right % _PAIR]}"
            )
        return made

    def _uuid4s(self, count: int) -> list[str]:
        digits = self._random_bytes(16 * count).hex()
        return [
            f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-4{digits[at + 13 : at + 16]}-"
            f"{_VARIANT[digits[at + 16]]}{digits[at + 17 : at + 20]}-{digits[at + 20 : at + 32]}"
            for at in range(0, 32 * count, 32)
        ]

    def _cuid2(self) -> str:
        first, *entropy = self._random_bytes(33)
        made_of = (str(self._milliseconds()), str(next(self._counter)), bytes(entropy).hex(), self._fingerprint.hex())
        digest = int.from_bytes(hashlib.sha3_512("".join(made_of).encode()).digest())
        letter = string.ascii_lowercase[first % len(string.ascii_lowercase)]
        return letter + _encode(digest, _BASE36, _CUID2_LENGTH - 1)

    def ulid(self) -> str:
        """Return 26 characters that sort by time."""
        randomness = int.from_bytes(self._random_bytes(10))
        return _encode(self._milliseconds(), _CROCKFORD, 10) + _encode(randomness, _CROCKFORD, 16)

    def nanoid(self, size: int = _NANOID_LENGTH) -> str:
        """Return `size` random characters that are safe in URLs."""
        # The alphabet has 64 characters, so six bits choose each of them with the same probability.
        return "".join([_NANOID[byte & 63] for byte in self._random_bytes(size)])

    def _milliseconds(self) -> int:
        return int((self._moment or self._clock()).timestamp() * 1000)


@cache
def _base36_pairs() -> list[str]:
    return [high + low for high in _BASE36 for low in _BASE36]


def _base36(number: int, width: int) -> str:
    """Return the last `width` digits of a number; the width is even."""
    digits: list[str] = []
    for _ in range(0, width, 2):
        number, pair = divmod(number, _PAIR)
        digits.append(_base36_pairs()[pair])
    digits.reverse()
    return "".join(digits)


@lru_cache(2)
def _half_hour(number: int) -> str:
    """Return the part of a cuid's time that stays the same for 28 minutes."""
    return _base36(number, 4)


def _encode(number: int, alphabet: str, width: int) -> str:
    """Return the last `width` digits of a number."""
    digits: list[str] = []
    for _ in range(width):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(reversed(digits))
