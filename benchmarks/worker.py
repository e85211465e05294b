"""`python -m benchmarks.worker PEER FOLDER CONNECTIONS`: one peer, told line by line what to do.

A line is a JSON object with `do`:

    result   {workload, first}                 → {result}: the answer of one call, as plain data
    run      {workload, tasks, calls, first}   → {wall, cpu}: seconds, of the clock and of this process
    memory   {}                                → {peak}: MiB that the process held at most
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import resource
import sys
import time
from typing import Any

from benchmarks.peers.protocol import Peer, Work
from benchmarks.workloads import WORKLOADS, plain

_WRITES = {workload.name for workload in WORKLOADS if workload.writes}


async def timed(work: Work, tasks: int, calls: int, first: int) -> dict[str, float]:
    """Return the seconds that `calls` calls took, spread over tasks."""

    async def lane(start: int) -> None:
        for index in range(start, first + calls, tasks):
            await work(index)

    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    if tasks == 1:
        await lane(first)
    else:
        await asyncio.gather(*(lane(first + number) for number in range(tasks)))
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


async def answer(peer: Peer, request: dict[str, Any]) -> dict[str, Any]:
    if request["do"] == "memory":
        return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    work = peer.workloads[request["workload"]]
    if request["do"] == "result":
        shown = peer.shown(await work(request["first"]))
        return {"result": plain(shown, written=request["workload"] in _WRITES)}
    return await timed(work, request["tasks"], request["calls"], request["first"])


async def serve(name: str, folder: str, connections: int) -> None:
    # What a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    peer: Peer = await importlib.import_module(f"benchmarks.peers.{name}").open(folder, connections)
    print(json.dumps({"ready": True}), file=answers)
    for line in sys.stdin:
        print(json.dumps(await answer(peer, json.loads(line))), file=answers)
    await peer.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], int(sys.argv[3])))
