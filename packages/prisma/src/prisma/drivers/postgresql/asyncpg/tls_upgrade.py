"""asyncpg's protocol for the first answer of a server, which says whether the server has TLS."""

from __future__ import annotations

from typing import Any

from asyncpg import connect_utils


class _Upgrade(connect_utils.TLSUpgradeProto):
    """The same for a connection that is cancelled while it is made, be it a session's or that of a request to cancel.

    No task waits for the server's answer yet, and asyncio would report that the failure in its place was never
    retrieved. A task that waits for the answer gets the failure as before.
    """

    on_data: Any

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if not self.on_data.cancelled():
            self.on_data.exception()


def use_upgrades() -> None:
    """Put the class where asyncpg looks for its own; there is no argument for it."""
    connect_utils.TLSUpgradeProto = _Upgrade
