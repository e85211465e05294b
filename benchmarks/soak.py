"""`python -m benchmarks.soak`: minutes of mixed traffic against real workers, and PostgreSQL restarted in the middle.

Everything runs on the loopback address. Each caller does one thing after the other; a write carries an Idempotency-Key
and a mark of its own, and is sent again until it has an answer. In the end the database must hold each write that was
answered with 2xx exactly once: less is lost, more is a duplicate.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import httpx

from app.auth.keys import new_key, stored
from prisma import Prisma
from prisma.enums import Role
from prisma.migrate import deploy
from servers.tcp import TcpServer
from servers.workers import running

ROOT = Path(__file__).resolve().parent.parent
ADMIN = "soak-admin"
REQUEST_TIMEOUT = 60.0  # seconds; the service itself answers within its pool and transaction timeouts
DOWN = 2.0  # seconds that PostgreSQL is away
PAUSE = 0.02  # seconds between a caller's requests: a bounded load
RESENDS = 60  # of one write, with RESEND_PAUSE between them
RESEND_PAUSE = 0.5


@dataclass(slots=True)
class Tally:
    """What callers saw; `written` holds the marks of writes that were answered with 2xx, by table."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    unanswered: int = 0
    replayed: int = 0
    given_up: int = 0
    seconds: list[float] = field(default_factory=list[float])
    written: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    without_retry_after: int = 0

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""
        return self.statuses.total() + self.unanswered


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run; `failures` are answers that must not be: 5xx other than 503, and 503 without Retry-After."""

    tally: Tally
    lost: int
    duplicates: int
    restarts: int
    elapsed: float

    @property
    def failures(self) -> int:
        """Return how many answers must not have been."""
        wrong = sum(n for status, n in self.tally.statuses.items() if status >= 500 and status != 503)
        return wrong + self.tally.without_retry_after + self.tally.given_up

    @property
    def unavailable(self) -> float:
        """Return the share of requests that were answered with 503 or not at all."""
        return (self.tally.statuses[503] + self.tally.unanswered) / max(1, self.tally.requests)

    def render(self) -> str:
        """Return the figures as text."""
        tally, times = self.tally, sorted(self.tally.seconds) or [0.0]
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items()))
        marks = sum(len(marks) for marks in tally.written.values())
        middle, last = statistics.median(times), times[int(len(times) * 0.99) - 1]
        return "\n".join(
            [
                f"requests      {tally.requests} in {self.elapsed:.0f} s ({tally.requests / self.elapsed:.0f}/s)",
                f"answers       {statuses}; no answer: {tally.unanswered}; replayed: {tally.replayed}",
                f"latency       median {middle * 1e3:.0f} ms, 99 % {last * 1e3:.0f} ms",
                f"restarts      {self.restarts}",
                f"error budget  {self.unavailable:.3%} of requests got 503 or no answer",
                f"failures      {self.failures}",
                f"writes        {marks} answered with 2xx",
                f"lost writes   {self.lost}",
                f"duplicates    {self.duplicates}",
            ]
        )


class Caller:
    """One user, who does one thing after the other."""

    def __init__(self, http: httpx.AsyncClient, tally: Tally, number: int, keys: tuple[str, str]) -> None:
        self.http, self.tally, self.number = http, tally, number
        self.user = f"soak-{number}"
        self.headers, self.admin = ({"Authorization": f"Bearer {key}"} for key in keys)
        self.chance = random.Random(number)

    async def run(self, until: float) -> None:
        """Call until that time of the monotonic clock."""
        steps = (self.spend, self.grant, self.usage, self.batch, self.project, self.read, self.read, self.stranger)
        while time.monotonic() < until:
            await self.chance.choice(steps)()
            await asyncio.sleep(PAUSE)

    async def spend(self) -> None:
        await self.write("credits", "/credits/spend", lambda mark: {"amount": "0.01", "reference": mark})

    async def grant(self) -> None:
        await self.write(
            "credits", f"/credits/grants?userId={self.user}",
            lambda mark: {"amount": "0.01", "type": "BONUS", "reference": mark}, self.admin,
        )  # fmt: skip

    async def usage(self) -> None:
        await self.write("usage_metrics", "/usage-metrics", lambda mark: {"endpoint": mark, "cost": "0.000001"})

    async def batch(self) -> None:
        await self.write("usage_metrics", "/usage-metrics/batch", lambda mark: {"items": [{"endpoint": mark}]})

    async def project(self) -> None:
        await self.write("projects", "/projects", lambda mark: {"name": mark, "settings": {"by": self.number}})

    async def read(self) -> None:
        paths = ("/credits/balance", "/credits?take=5", "/usage-metrics/report?by=day", "/projects?take=5", "/users/me")
        await self.send("GET", self.chance.choice(paths), headers=self.headers)

    async def stranger(self) -> None:
        # Somebody without a key from elsewhere, whom the rate limits do count.
        address = f"203.0.113.{self.chance.randrange(1, 255)}"
        await self.send("GET", "/users/me", headers={"X-Forwarded-For": address})

    async def write(self, table: str, path: str, body: Any, headers: dict[str, str] | None = None) -> None:
        """Send one write until it is answered; whatever breaks in between, it is done once."""
        mark = uuid.uuid4().hex
        sent = {**(headers or self.headers), "Idempotency-Key": f'"{mark}"'}
        for _ in range(RESENDS):
            answer = await self.send("POST", path, json=body(mark), headers=sent)
            if answer is not None and answer.status_code < 300:
                self.tally.written.setdefault(table, set()).add(mark)
                self.tally.replayed += "idempotent-replayed" in answer.headers
                return
            passing = answer is None or answer.status_code == 503 or "retry-after" in answer.headers
            if not passing:
                return
            await asyncio.sleep(RESEND_PAUSE)
        self.tally.given_up += 1

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        began = time.monotonic()
        try:
            answer = await self.http.request(method, f"/api/v1{path}", **options)
        except httpx.TransportError:
            self.tally.unanswered += 1
            return None
        self.tally.seconds.append(time.monotonic() - began)
        self.tally.statuses[answer.status_code] += 1
        if answer.status_code == 503 and "retry-after" not in answer.headers:
            self.tally.without_retry_after += 1
        return answer


async def soak(seconds: float, *, callers: int, workers: int, crash: bool = False) -> Report:
    """Run the traffic and return what came of it; `crash` stops PostgreSQL without a word instead of in order."""
    server = TcpServer()
    try:
        server.start()
        await deploy(ROOT / "migrations", server.url())
        keys = await _enrol(server.url(), callers)
        async with running(server.url(connection_limit="8"), workers=workers, TRUSTED_PROXIES="1") as service:
            tally, elapsed = await _traffic(server, service.address, keys, seconds, crash=crash)
        lost, duplicates = await _compare(server.url(), tally)
        return Report(tally, lost, duplicates, restarts=1, elapsed=elapsed)
    finally:
        server.destroy()


async def _enrol(url: str, callers: int) -> list[tuple[str, str]]:
    """Create users with some credit, and return each one's key with the ADMIN's."""
    async with Prisma(datasource={"url": url}) as db:
        root = new_key()
        await _user(db, ADMIN, root, role=Role.ADMIN)
        keys = [(new_key(), root) for _ in range(callers)]
        for number, (key, _) in enumerate(keys):
            await _user(db, f"soak-{number}", key, role=Role.USER)
            await db.credit.create(data={"userId": f"soak-{number}", "amount": "1000000", "type": "PURCHASE"})  # type: ignore[typeddict-item]
    return keys


async def _user(db: Prisma, id: str, key: str, *, role: Role) -> None:
    await db.user.create(data={"id": id, "email": f"{id}@example.com", "role": role})
    await db.apikey.create(data={"key": stored(key), "name": "soak", "userId": id})


async def _traffic(
    server: TcpServer, address: str, keys: list[tuple[str, str]], seconds: float, *, crash: bool
) -> tuple[Tally, float]:
    tally, began = Tally(), time.monotonic()
    async with httpx.AsyncClient(base_url=address, timeout=REQUEST_TIMEOUT) as http, asyncio.TaskGroup() as group:
        for number, pair in enumerate(keys):
            group.create_task(Caller(http, tally, number, pair).run(began + seconds))
        await asyncio.sleep(seconds / 2)
        await asyncio.to_thread(server.stop, "immediate" if crash else "fast")
        await asyncio.sleep(min(DOWN, seconds / 10))
        await asyncio.to_thread(server.start)
    return tally, time.monotonic() - began


_MARKS: dict[str, LiteralString] = {
    "credits": "SELECT reference AS mark, count(*)::int AS times FROM credits WHERE reference IS NOT NULL GROUP BY 1",
    "usage_metrics": "SELECT endpoint AS mark, count(*)::int AS times FROM usage_metrics GROUP BY 1",
    "projects": "SELECT name AS mark, count(*)::int AS times FROM projects GROUP BY 1",
}


async def _compare(url: str, tally: Tally) -> tuple[int, int]:
    """Return how many answered writes the database does not have, and how many writes it has more than once."""
    lost = duplicates = 0
    async with Prisma(datasource={"url": url}) as db:
        for table, statement in _MARKS.items():
            times = {row["mark"]: row["times"] for row in await db.query_raw(statement)}
            lost += len(tally.written.get(table, set()) - times.keys())
            duplicates += sum(count > 1 for count in times.values())
    return lost, duplicates


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--crash", action="store_true", help="stop PostgreSQL without a word, as a power cut would")
    options = parser.parse_args()
    report = asyncio.run(soak(options.seconds, callers=options.callers, workers=options.workers, crash=options.crash))
    print(report.render())
    return 1 if report.lost or report.duplicates or report.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
