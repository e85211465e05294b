"""Batching: threads send find_unique calls one by one. Only the asynchronous client sends them together."""

from __future__ import annotations

from typing import Any

from prisma.client._sync.session import PoolSession
from prisma.client.planning.plans import BoundProgram, Plans
from prisma.client.request.call import Call


class Batcher:
    """The find_unique calls of one client."""

    def run(self, session: PoolSession, bound: BoundProgram, plans: Plans, call: Call) -> Any:
        """Run a find_unique and return its result."""
        return session.run(*bound)
