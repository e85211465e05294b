"""The running service: signals, workers that die, and several workers."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx
import psutil
import pytest

from app.process.startup import listening_socket
from prisma import Prisma
from servers import PATIENCE
from servers.prepared import PreparedPython
from servers.service import Service, running

pytestmark = pytest.mark.long

Find = Callable[[], int]

WAITING = (
    "SELECT count(*)::int AS found FROM pg_stat_activity "
    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
def environment(migrated: str, unused_port: Find, clean_environment: dict[str, str]) -> dict[str, str]:
    return {**clean_environment, "DATABASE_URL": migrated, "PORT": str(unused_port()), "NODE_ENV": "test"}


def address(environment: dict[str, str]) -> str:
    return f"http://127.0.0.1:{environment['PORT']}"


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again, until the answer is yes."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def is_waiting_for_a_lock(db: Prisma) -> bool:
    return bool((await db.query_raw(WAITING))[0]["found"])


async def is_closed(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_request_under_way_is_finished(
    db: Prisma, environment: dict[str, str], prepared_service: PreparedPython, workers: str
):
    settings = {**environment, "WORKERS": workers}
    async with (
        running(settings, prepared=prepared_service) as service,
        httpx.AsyncClient(base_url=address(environment), timeout=PATIENCE) as http,
        Prisma(datasource={"url": environment["DATABASE_URL"]}, use_dotenv=False) as other,
    ):
        async with other.tx(timeout=60_000) as tx:
            await tx.execute_raw("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            asking = asyncio.create_task(http.get("/api/stats"))
            await until(lambda: is_waiting_for_a_lock(db))
            service.process.send_signal(signal.SIGTERM)
            if workers == "1":
                # Nobody new is let in while the old request is still being answered.
                await until(lambda: is_closed(int(environment["PORT"])))
            assert not asking.done()
        answer = await asking
        code = await service.ended()
    assert (answer.status_code, sorted(answer.json()), code) == (
        200,
        ["apiKeys", "projects", "subscriptions", "users"],
        0,
    )
    assert "Traceback" not in "\n".join(service.later)
    assert [line for line in service.later if line.startswith("Stop")] == [
        "Stopping: requests under way get 10 s",
        "Stopped",
    ]


def workers_of(service: Service) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for child in psutil.Process(service.process.pid).children():
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


async def metrics_of(http: httpx.AsyncClient) -> dict[str, float]:
    lines = (await http.get("/metrics")).text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


async def test_workers(environment: dict[str, str], prepared_service: PreparedPython):
    """Each has its pool, their numbers are added up, and one that is killed is replaced."""
    settings = {**environment, "WORKERS": "2", "DATABASE_POOL_SIZE": "3"}
    async with (
        running(settings, prepared=prepared_service) as service,
        # A connection for each request, so that any worker may get it.
        httpx.AsyncClient(base_url=address(environment), headers={"Connection": "close"}, timeout=PATIENCE) as http,
    ):
        for _ in range(10):
            assert (await http.get("/api/stats")).status_code == 200
        before = await metrics_of(http)
        victim, survivor = workers_of(service)
        victim.kill()

        async def replaced() -> bool:
            there = {worker.pid for worker in workers_of(service)}
            return len(there) == 2 and victim.pid not in there and (await metrics_of(http))["service_workers"] == 2

        await until(replaced)
        after = await metrics_of(http)
        healthy = (await http.get("/api/health")).json()["status"]
        code = await service.stop(signal.SIGTERM)
    assert service.lines[-3] == f"[6/6] Serving      {address(environment)}, 2 workers (Ctrl+C stops it)"
    counted = 'http_requests_total{method="GET",route="/api/stats",status="200"}'
    assert (before["service_workers"], before["database_pool_size"], before[counted]) == (2, 6, 10)
    # What the dead worker had counted is not forgotten.
    assert (after["database_pool_size"], after[counted], healthy, code) == (6, 10, "healthy", 0)
    assert survivor.pid != victim.pid


def test_an_answer_waits_for_no_acknowledgement(unused_port: Find):
    with listening_socket("127.0.0.1", unused_port()) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
