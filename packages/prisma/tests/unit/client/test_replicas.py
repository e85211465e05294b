"""What a check concludes from the end of the primary's log and from what a replica has replayed of it."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from prisma.client._async.replicas import Replica
from prisma.client.telemetry.events import Events
from prisma.client.telemetry.observer import Observer
from prisma.client.telemetry.tracing import make_tracing


class Server:
    """A pool of one connection, to a server that gives its answers one after the other."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self._answers = iter(answers)
        self.is_terminated = False

    async def acquire(self) -> Server:
        return self

    def release_nowait(self, connection: Server) -> None:
        pass

    async def query(self, sql: str, args: tuple[object, ...]) -> list[dict[str, Any]]:
        return [next(self._answers)]

    def terminate(self) -> None:
        self.is_terminated = True


def make_replica(steps: list[tuple[int, int, int]], *, standby: bool = True) -> tuple[Replica, Server]:
    primary: Any = Server([{"written": written, "flushed": flushed} for written, flushed, _ in steps])
    server: Any = Server([{"position": position, "standby": standby} for *_, position in steps])
    return Replica("replica 1", server, primary, Observer(Events([]), make_tracing(False)), 60.0), server


async def conclusions(steps: list[tuple[int, int, int]]) -> list[int | None]:
    """Return after each check the number of the check of whose moment the replica has everything."""
    replica, _ = make_replica(steps)
    starts: list[float] = []
    found: list[int | None] = []
    for _ in steps:
        starts.append(time.monotonic())
        await replica.check()
        known = replica.as_of
        found.append(None if known == -math.inf else sum(start <= known for start in starts) - 1)
        # So that the next check has a later moment, whatever the clock's resolution is.
        while time.monotonic() <= starts[-1] or time.monotonic() <= known:
            pass
    return found


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # Where the primary has written to and flushed to, and where the replica has replayed to: in bytes of the log.
        pytest.param([(100, 100, 100)], [0], id="at the end"),
        pytest.param([(100, 100, 101)], [0], id="beyond the end, which has moved meanwhile"),
        pytest.param([(100, 100, 99)], [None], id="a byte behind"),
        pytest.param([(2**62, 2**62, 2**62 - 1)], [None], id="a byte behind, in a long log"),
        pytest.param([(100, 100, 99), (200, 200, 100)], [None, 0], id="an earlier end is reached"),
        pytest.param([(100, 100, 99), (200, 200, 199), (300, 300, 250)], [None, 0, 1], id="always one end behind"),
        pytest.param([(100, 100, 99), (200, 200, 200)], [None, 1], id="two ends are reached at once"),
        pytest.param([(100, 100, 100), (200, 200, 150)], [0, 0], id="what was known stays"),
        pytest.param([(100, 100, 90), (80, 80, 80)], [None, 1], id="the shorter log of another primary"),
        pytest.param([(124, 100, 100)], [None], id="a record that is not flushed yet"),
        pytest.param([(8216, 8192, 8192)], [0], id="the header of a page, without a record"),
        pytest.param([(8232, 8192, 8192)], [0], id="the header of a file's first page, without a record"),
        pytest.param([(8217, 8192, 8192)], [None], id="a record behind the header of a page"),
        pytest.param([(8216, 8192, 8191)], [None], id="a byte before the end of a page"),
    ],
)
async def test_how_far_a_replica_is(steps: list[tuple[int, int, int]], expected: list[int | None]) -> None:
    assert await conclusions(steps) == expected


async def test_a_replica_that_was_promoted_is_left_out() -> None:
    replica, server = make_replica([(100, 100, 100)], standby=False)
    await replica.check()
    assert (replica.as_of, replica.problem, server.is_terminated) == (-math.inf, "the server is not a standby", True)
