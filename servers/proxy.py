"""A TCP proxy in front of a server: a network that passes everything, or has faults."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from typing import Final, Literal, TypeAlias

Mode: TypeAlias = Literal["pass", "hole", "hole-down", "cut", "slow"]
"""What happens to what is sent.

    pass       it arrives
    hole       nothing arrives, in either direction, and nobody is told: it waits until the mode changes
    hole-down  requests arrive, answers do not
    cut        every connection is reset, the new ones as well
    slow       each piece arrives DELAY seconds later
"""

DELAY: Final = 0.05
UP: Final[tuple[Mode, ...]] = ("hole",)
"""The modes in which requests wait."""
DOWN: Final[tuple[Mode, ...]] = ("hole", "hole-down")
"""The modes in which answers wait."""
_CHUNK: Final = 1 << 16
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of zero seconds: closing resets


class Proxy:
    """A proxy on a port of its own, in a thread of its own. Set `mode` at any time, from any thread.

    Attributes:
        port: where it listens, on the loopback address.
        target: the port of the server behind it; those who connect later get the new one.
        held: how many pieces wait in the hole at the moment.
    """

    def __init__(self, target: int) -> None:
        self.held = 0
        self.target = target
        self._mode: Mode = "pass"
        self._next: tuple[int, Mode] | None = None
        self._links: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_CHUNK), self._loop
        ).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    @property
    def mode(self) -> Mode:
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        async def change() -> None:
            self._next = None
            self._change(mode)

        asyncio.run_coroutine_threadsafe(change(), self._loop).result()

    def after(self, requests: int, mode: Mode) -> None:
        """Change the mode when so many more requests have passed."""
        self._next = requests, mode

    def close(self) -> None:
        """Reset all connections and listen no more."""
        self._loop.call_soon_threadsafe(self._server.close)
        self.mode = "cut"

        async def wait() -> None:
            await asyncio.gather(*self._links, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(wait(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _change(self, mode: Mode) -> None:
        self._mode = mode
        self._changed.set()
        self._changed.clear()
        if mode == "cut":
            for link in self._links:
                link.cancel()

    def _count(self) -> None:
        if self._next is not None:
            left, mode = self._next
            self._next = (left - 1, mode) if left else None
            if not left:
                self._change(mode)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        try:
            await self._link(reader, writer)
        except OSError:
            pass  # one side is gone
        except asyncio.CancelledError:
            _reset(writer)
        finally:
            self._links.discard(link)
            writer.close()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._gate(UP)
        if self._mode == "cut":
            raise asyncio.CancelledError
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target, limit=_CHUNK)
        up = asyncio.create_task(self._carry(reader, up_writer, UP))
        down = asyncio.create_task(self._carry(up_reader, writer, DOWN))
        try:
            # Who hangs up gets nothing more, so the other side hangs up as well.
            await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            up_writer.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closed: tuple[Mode, ...]
    ) -> None:
        while data := await reader.read(_CHUNK):
            if closed == UP:
                self._count()
            await self._gate(closed)
            if self._mode == "slow":
                await asyncio.sleep(DELAY)
            writer.write(data)
            await writer.drain()

    async def _gate(self, closed: tuple[Mode, ...]) -> None:
        """Wait while the mode is one of `closed`."""
        if self._mode not in closed:
            return
        self.held += 1
        try:
            while self._mode in closed:
                await self._changed.wait()
        finally:
            self.held -= 1


def _reset(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
