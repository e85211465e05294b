"""Values that the client makes for the database: times and identifiers."""

from __future__ import annotations

import hashlib
import itertools
import string
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

_BASE36 = string.digits + string.ascii_lowercase
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NANOID = string.ascii_letters + string.digits + "_-"
_CUID_BLOCK = 36**4
# Two digits at a time: a thousand ids of a bulk insert are 25,000 digits.
_PAIRS36 = tuple(high + low for high in _BASE36 for low in _BASE36)
_CUID2_LENGTH = 24
_NANOID_LENGTH = 21


class Generators:
    """Makes values from a clock and a source of randomness; shared between runs and threads.

    `clock` returns an aware datetime, `random_bytes(n)` n unpredictable bytes.
    """

    def __init__(self, *, clock: Callable[[], datetime], random_bytes: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        # Both kinds of cuid tell makers apart by a fingerprint and values of one millisecond by a counter.
        self._fingerprint = random_bytes(16)
        self._counter = itertools.count(int.from_bytes(random_bytes(2)))
        self._block = _base36(int.from_bytes(self._fingerprint), 4)
        # The last millisecond in which a cuid was made, and its digits.
        self._moment = (-1, "")

    def now(self) -> datetime:
        """Return the time in whole milliseconds, which is what DateTime columns hold."""
        moment = self._clock()
        # A difference takes a fifth of the time of `replace`.
        return moment - timedelta(microseconds=moment.microsecond % 1000)

    def uuid(self, version: int = 4) -> str:
        """Return a random UUID (4) or one that sorts by time (7)."""
        value = int.from_bytes(self._random_bytes(16))
        if version == 7:
            value = self._milliseconds() << 80 | value & ((1 << 80) - 1)
        # RFC 9562: four bits of version, two bits of variant.
        value = value & ~(0xF << 76) | version << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return str(UUID(int=value))

    def cuid(self, version: int = 1) -> str:
        """Return a collision-resistant id: `c` and 24 characters (1), or 24 characters that tell nothing (2)."""
        return self._cuid2() if version == 2 else self._cuid1()

    def _cuid1(self) -> str:
        milliseconds = self._milliseconds()
        last, moment = self._moment
        if milliseconds != last:
            moment = _base36(milliseconds, 8)
            self._moment = milliseconds, moment
        random = _base36(int.from_bytes(self._random_bytes(8)), 8)
        return f"c{moment}{_base36(next(self._counter), 4)}{self._block}{random}"

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
        return "".join([_NANOID[byte & 63] for byte in self._random_bytes(size)])

    def _milliseconds(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _base36(number: int, width: int) -> str:
    """Return the last `width` digits of a number; the width is even."""
    pairs: list[str] = []
    for _ in range(0, width, 2):
        number, pair = divmod(number, 1296)
        pairs.append(_PAIRS36[pair])
    pairs.reverse()
    return "".join(pairs)


def _encode(number: int, alphabet: str, width: int) -> str:
    """Return the last `width` digits of a number."""
    digits: list[str] = []
    for _ in range(width):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(reversed(digits))
