"""The core of a client with replicas: reads go to one that is fresh enough, everything else to the primary."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Final

from prisma.client._async.core import Core
from prisma.client._async.session import PoolSession, Session
from prisma.client._async.settings_session import SettingsSession
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prisma.client._async.batching import Batcher
    from prisma.client._async.replicas import Replicas
    from prisma.client.planning.plans import BoundProgram
    from prisma.client.request.call import Call

READS: Final = frozenset(
    {"findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany", "aggregate", "groupBy"}
)


class RoutedCore(Core):
    """A core whose reads may be answered by replicas, unless they are part of a transaction."""

    _to_primary = False

    def to_primary(self) -> Core:
        """Return a core like this one, without replicas."""
        core = self.on(self.link.to_primary())
        vars(core)["_to_primary"] = True
        return core

    def to_replicas(self) -> Core:
        """Return a core like this one, whose operations all run on replicas."""
        return self.on(self.link.to_replicas())

    def _run(self, session: Session, call: Call, bound: BoundProgram) -> Awaitable[Any]:
        if call.action in READS and isinstance(session, PoolSession):
            origin = session.origin if isinstance(session, SettingsSession) else session
            # The session of a replica has none itself.
            if origin.replicas is not None:
                return self._read(origin.replicas, session.settings, call, bound)
        return super()._run(session, call, bound)

    async def _read(
        self, replicas: Replicas, settings: Mapping[str, str] | None, call: Call, bound: BoundProgram
    ) -> Any:
        replica = None if self._to_primary else replicas.choose()
        if replica is not None:
            try:
                core = self._gathering(replica.batcher)
                return await Core._run(core, _with(settings, replica.session), call, bound)
            except DriverFault as fault:
                if not replica.gives_way(fault):
                    raise
        return await super()._run(_with(settings, replicas.primary), call, bound)

    def _gathering(self, batcher: Batcher) -> Core:
        """Return a core like this one, whose lookups gather apart from those on other servers."""
        core = object.__new__(Core)
        core.__dict__ = {**self.__dict__, "_batcher": batcher}
        return core


def _with(settings: Mapping[str, str] | None, session: PoolSession) -> PoolSession:
    return session if settings is None else SettingsSession(session, settings)
