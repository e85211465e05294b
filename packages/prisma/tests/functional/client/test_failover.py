"""A promotion under load, with synchronous commits: no acknowledged write is lost, and the client goes on by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.failover import measure
from servers.cluster import Cluster

pytestmark = [pytest.mark.long, pytest.mark.default_client]


async def test_a_promotion_loses_and_doubles_nothing(driver: str, system_binaries: Path) -> None:
    cluster = await asyncio.to_thread(Cluster, system_binaries)
    try:
        async with asyncio.timeout(100):
            outcome = await measure(1, cluster)
    finally:
        await asyncio.to_thread(cluster.destroy)
    assert (len(outcome.promotions), outcome.lost, outcome.doubled) == (1, 0, 0)
