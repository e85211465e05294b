"""The contest: servers whose rounds take turns, so that other work of the machine disturbs all of them alike."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from benchmarks.database import Database
from benchmarks.http.client import Client
from benchmarks.http.peers import PEERS, REFERENCE, Server, serving
from benchmarks.http.requests import WORKLOADS, Caller, Workload, prepare, restore

MEASURES: Final = ("latency", "throughput", "cpu")

# What differs between the answers of two servers to the same request.
_OWN: Final = frozenset({"id", "createdAt", "updatedAt", "next"})


@dataclass(frozen=True)
class Round:
    """Microseconds: the median latency of one client, and, of many clients, wall time and CPU of a request."""

    latency: float
    throughput: float
    cpu: float


@dataclass(frozen=True)
class Figures:
    """Medians of a peer's rounds, in microseconds, and of their ratios to the reference's, by measure."""

    medians: Mapping[str, float]
    ratios: Mapping[str, float]


@dataclass(frozen=True)
class Length:
    """How many rounds there are, and how many requests one of them sends: from one client, and from all together."""

    rounds: int
    single: int
    many: int


class _Peer:
    """A server with a connection for each user."""

    def __init__(self, server: Server, clients: Sequence[Client], callers: Sequence[Caller]) -> None:
        self.server = server
        self._clients = clients
        self._callers = callers

    @classmethod
    async def connect(cls, server: Server, callers: Sequence[Caller]) -> _Peer:
        return cls(server, [await Client.connect(server.port) for _ in callers], callers)

    async def answer(self, workload: Workload) -> Any:
        reply = await self._clients[0].send(workload.make(self._callers[0]))
        assert reply.status == workload.status, (self.server.name, reply)
        return reply.json()

    async def round(self, workload: Workload, length: Length) -> Round:
        latencies = await self._timed(workload, length.single, self._clients[:1])
        cpu, start = self.server.cpu(), time.perf_counter()
        await self._timed(workload, length.many, self._clients)
        wall, cpu = time.perf_counter() - start, self.server.cpu() - cpu
        return Round(statistics.median(latencies) * 1e6, wall / length.many * 1e6, cpu / length.many * 1e6)

    async def _timed(self, workload: Workload, requests: int, clients: Sequence[Client]) -> list[float]:
        left = iter(range(requests))
        latencies: list[float] = []

        async def lane(client: Client, caller: Caller) -> None:
            for _ in left:
                request = workload.make(caller)
                start = time.perf_counter()
                reply = await client.send(request)
                latencies.append(time.perf_counter() - start)
                assert reply.status == workload.status, (self.server.name, reply)

        gc.collect()
        await asyncio.gather(*(lane(*pair) for pair in zip(clients, self._callers, strict=False)))
        return latencies

    def close(self) -> None:
        for client in self._clients:
            client.close()


async def hold(
    database: Database, names: Sequence[str], length: Length, tell: Callable[[str], None]
) -> dict[str, dict[str, Figures]]:
    """Start the peers, compare their answers, and measure them; figures are by workload and peer."""
    async with AsyncExitStack() as stack:
        admin = await asyncpg.connect(host=str(database.folder), user="postgres", database="postgres")
        stack.push_async_callback(admin.close)
        callers = await prepare(admin)
        peers: list[_Peer] = []
        for name in names:
            peer = await _Peer.connect(await stack.enter_async_context(serving(name, database)), callers)
            stack.callback(peer.close)
            peers.append(peer)
        found: dict[str, dict[str, Figures]] = {}
        for workload in WORKLOADS:
            await _compare(peers, workload)
            found[workload.name] = await _measure(peers, workload, length, admin)
            tell(f"{workload.title}: measured")
        return found


async def _compare(peers: Sequence[_Peer], workload: Workload) -> None:
    """Let the peers warm up, and check that they answer alike."""
    answers = [_shown(await peer.answer(workload)) for peer in peers]
    assert all(answer == answers[0] for answer in answers), answers


async def _measure(peers: Sequence[_Peer], workload: Workload, length: Length, admin: Any) -> dict[str, Figures]:
    for peer in peers:
        await peer.round(workload, length)
    await restore(admin)
    rounds: dict[str, list[Round]] = {peer.server.name: [] for peer in peers}
    for number in range(length.rounds):
        # Nobody always comes first.
        turn = number % len(peers)
        for peer in (*peers[turn:], *peers[:turn]):
            rounds[peer.server.name].append(await peer.round(workload, length))
        await restore(admin)
    return {name: _figures(each, rounds[REFERENCE]) for name, each in rounds.items()}


def _figures(rounds: Sequence[Round], reference: Sequence[Round]) -> Figures:
    pairs = list(zip(rounds, reference, strict=True))
    return Figures(
        {measure: statistics.median(getattr(each, measure) for each in rounds) for measure in MEASURES},
        {
            measure: statistics.median(
                getattr(each, measure) / max(getattr(other, measure), 1e-9) for each, other in pairs
            )
            for measure in MEASURES
        },
    )


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items() if name not in _OWN}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def names_of(text: str) -> list[str]:
    """Return the peers to measure; the reference is always one of them."""
    return [REFERENCE, *(name for name in PEERS if name != REFERENCE and name in text.split(","))]
