"""Companions over asyncpg: their messages are written around those of a statement, in the same packet.

asyncpg sends Bind, Execute and Sync for a kept statement, and waits for the answer to the Sync. It passes over the
answers to other statements before the Sync, unless they have rows.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, cast

from prisma.drivers.postgresql.companions import Companion

if TYPE_CHECKING:
    from collections.abc import Callable

    from prisma.drivers.postgresql.companions import Companions

_INT16: Final = Struct("!h").pack
_INT32: Final = Struct("!i").pack
_SYNC: Final = b"S" + _INT32(4)
# The unnamed portal, and all of its rows.
_EXECUTE: Final = b"E" + _INT32(9) + b"\0" + _INT32(0)


class Crossing:
    """The next message on a transport gets companions; `sent` is called then."""

    __slots__ = ("_after", "_before", "_sent", "_transport")

    def __init__(self, transport: Any, companions: Companions, sent: Callable[[], None]) -> None:
        self._transport = transport
        before = [_written(each) for each in companions.before]
        if companions.along is not None:
            before.append(_bound(companions.along))
        self._before = b"".join(before)
        self._after = _written(Companion(companions.after)) if companions.after else b""
        self._sent = sent

    def __enter__(self) -> None:
        vars(self._transport)["write"] = self._write

    def __exit__(self, *_: object) -> None:
        cast("dict[str, Any]", vars(self._transport)).pop("write", None)

    def _write(self, data: memoryview) -> None:
        transport, message = self._transport, bytes(data)
        # From here on, the transport's own method is found again.
        del transport.write
        self._sent()
        if self._after:
            message = message.removesuffix(_SYNC) + self._after + _SYNC
        transport.write(self._before + message)


class Trial:
    """Finds out whether a library writes to this very transport; `passed` when it has."""

    __slots__ = ("_transport", "passed")

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.passed = False
        # Transports in C have no attributes of their own.
        if hasattr(transport, "__dict__"):
            vars(transport)["write"] = self._write

    def _write(self, data: Any) -> None:
        del self._transport.write
        self.passed = True
        self._transport.write(data)


# The same settings come again: those of a role, and of a user's next request.
@lru_cache(512)
def _written(companion: Companion) -> bytes:
    """Return the messages that run a statement: Parse, Bind, Execute."""
    body = b"\0" + companion.sql.encode() + b"\0" + _INT16(0)
    return b"P" + _INT32(4 + len(body)) + body + _bound(companion)


def _bound(companion: Companion) -> bytes:
    """Return the messages that run a statement that is parsed: Bind with parameters as text, Execute."""
    texts = companion.texts
    parts = [b"\0", companion.name, b"\0", _INT16(0), _INT16(len(texts))]
    for text in texts:
        value = text.encode()
        parts += (_INT32(len(value)), value)
    parts.append(_INT16(0))
    bind = b"".join(parts)
    return b"B" + _INT32(4 + len(bind)) + bind + _EXECUTE
