# Made by tools/async_to_sync.py from client/_async/settings_link.py: change that file and run the tool.
"""What connects a client with settings: the link of the client that it comes from, and sessions with the settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from prisma.client._sync.link import Link
from prisma.client._sync.session import PoolSession, Session
from prisma.client._sync.settings_session import SettingsSession
from prisma.client.planning.plans import Plans


class SettingsLink(Link):
    """A link beside another one: the two are connected and disconnected together."""

    __slots__ = ("_origin", "_settings")

    def __init__(self, origin: Link, settings: Mapping[str, str]) -> None:
        self._origin = origin
        self._settings = settings

    @property
    def session(self) -> Session | None:  # pyright: ignore[reportIncompatibleVariableOverride] asked of the other link
        session = self._origin.session
        return self._with_settings(session) if isinstance(session, PoolSession) else session

    @property
    def plans(self) -> Plans:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._origin.plans

    @property
    def source(self) -> Link:
        return self._origin.source

    def to_primary(self) -> Link:
        return SettingsLink(self._origin.to_primary(), self._settings)

    def to_replicas(self) -> Link:
        return SettingsLink(self._origin.to_replicas(), self._settings)

    def connect(self, timeout: float | None = None) -> None:
        """Open the pool of both; see `Link.connect`."""
        self._origin.connect(timeout)

    def disconnect(self, timeout: float | timedelta | None = None) -> None:
        """Close the connections of both; see `Link.disconnect`."""
        self._origin.disconnect(timeout)

    def opened(self) -> Session:
        """Return a session; see `Link.opened`."""
        session = self._origin.opened()
        return self._with_settings(session) if isinstance(session, PoolSession) else session

    def to(self, session: Session) -> Link:
        """Return a link whose operations run in another session, which has the settings if it is a transaction."""
        return self._origin.to(session)

    def _with_settings(self, session: PoolSession) -> SettingsSession:
        if isinstance(session, SettingsSession):
            return SettingsSession(session.origin, {**(session.settings or {}), **self._settings})
        return SettingsSession(session, self._settings)
