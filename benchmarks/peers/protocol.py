"""What a peer is: workloads over one library, with connections of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeAlias

Work: TypeAlias = Callable[[int], Awaitable[Any]]
"""One call of a workload, for a running number."""


class Peer(Protocol):
    """A library at work; made by `open(folder, connections)` of its module, where `folder` has the server's socket.

    `workloads` has a function for each workload by its name; `shown` makes mappings of what they return, by the fields
    of `benchmarks.workloads`.
    """

    workloads: Mapping[str, Work]

    def shown(self, answer: Any) -> Any: ...

    async def close(self) -> None: ...
