"""The bound of what surrounds the content of a chunked body: sizes, extensions and trailers, which h11 passes over."""

from __future__ import annotations

from typing import Any, Final

import h11

# A chunk of one byte has five bytes around it; extensions are used by nobody.
_FREE: Final = 64 * 1024  # bytes
_PER_BYTE: Final = 8


class BoundedConnection(h11.Connection):
    """A connection whose chunked bodies consist of content for the most part.

    Otherwise a body of a few bytes could be as long as its sender likes, and no bound of the content would show it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._received = 0
        self._content = 0

    def receive_data(self, data: bytes) -> None:
        """Take bytes from the network."""
        self._received += len(data)
        super().receive_data(data)

    def next_event(self) -> Any:
        """Return the next event.

        Raises:
            h11.RemoteProtocolError: what surrounds the content is too long, or as h11 says.
        """
        event = super().next_event()
        if isinstance(event, h11.Request):
            # What has come with the head of the request, and is not read yet.
            self._received, self._content = len(self.trailing_data[0]), 0
        elif isinstance(event, h11.Data):
            self._content += len(event.data)
        elif event is h11.NEED_DATA or isinstance(event, h11.EndOfMessage):
            left = len(self.trailing_data[0])
            if self._received - left - self._content > _FREE + _PER_BYTE * self._content:
                raise h11.RemoteProtocolError("The chunks of a body have too much around them.")
        return event
