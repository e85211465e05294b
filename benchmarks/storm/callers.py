"""Callers: tasks or threads that do one operation after the other and note in the ledger what came of it."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
import time
import traceback
from typing import Any, Final

from benchmarks.storm._async.operations import OPERATIONS
from benchmarks.storm._async.operations import nested as nested_write
from benchmarks.storm._sync.operations import OPERATIONS as SYNC_OPERATIONS
from benchmarks.storm._sync.operations import nested as sync_nested_write
from benchmarks.storm.ledger import Attempt, Ledger, WrongAnswer
from prisma.errors import PrismaError, TransactionExpiredError

FREE: Final = 1.0  # seconds after its deadline in which a cancelled caller must be free
PUSHES: Final = 40  # marks on a page
# Nothing was done, or all of it was undone.
UNDONE: Final = frozenset({"P2002", "P2024", "P2028", "P2034"})


class Caller:
    """One who calls; `number` tells it from others."""

    def __init__(self, db: Any, ledger: Ledger, number: int, seed: int) -> None:
        self.db = db
        self.ledger = ledger
        self.chance = random.Random(f"{seed} {number}")
        self._number = number
        self._marks = itertools.count()
        self._known: str | None = None

    def attempt(self) -> Attempt:
        """Return a new attempt."""
        mark = next(self._marks)
        attempt = Attempt(f"{self._number}-{mark}", f"{self._number}-{mark // PUSHES}", self._known)
        self.ledger.attempts.append(attempt)
        return attempt

    def succeeded(self, attempt: Attempt, *, folder: bool) -> None:
        """Note that an operation returned."""
        attempt.state = "acknowledged"
        if folder:
            self._known = attempt.mark

    def failed(self, attempt: Attempt, error: Exception) -> None:
        """Note how an operation failed."""
        if isinstance(error, WrongAnswer):
            self.ledger.wrong.append(str(error))
        elif isinstance(error, PrismaError):
            code = str(getattr(error, "code", None) or type(error).__name__)
            self.ledger.fail(code)
            if code in UNDONE and not isinstance(error, TransactionExpiredError):
                attempt.state = "absent"
        else:
            self.ledger.bare.append("".join(traceback.format_exception(error)))


class TaskCaller(Caller):
    """A task, whose operations are cancelled now and then."""

    async def run(self, until: float) -> None:
        """Call until that time of the monotonic clock."""
        while time.monotonic() < until:
            operation, attempt = self.chance.choice(OPERATIONS), self.attempt()
            limit = self._limit()
            began = time.monotonic()
            try:
                async with asyncio.timeout(limit):
                    await operation(self.db, attempt)
            except TimeoutError:
                self.ledger.cancelled += 1
                over = time.monotonic() - began - (limit or 0)
                if over > FREE:
                    self.ledger.late.append(over)
            except Exception as error:
                self.failed(attempt, error)
            else:
                self.succeeded(attempt, folder=operation is nested_write)
            await asyncio.sleep(0)

    def _limit(self) -> float | None:
        kind = self.chance.random()
        return None if kind < 0.5 else self.chance.uniform(0, 0.03 if kind < 0.9 else 0.6)


class ThreadCaller(Caller):
    """A thread; nobody can cancel it."""

    def run(self, until: float) -> None:
        """Call until that time of the monotonic clock."""
        while time.monotonic() < until:
            operation, attempt = self.chance.choice(SYNC_OPERATIONS), self.attempt()
            try:
                operation(self.db, attempt)
            except Exception as error:
                self.failed(attempt, error)
            else:
                self.succeeded(attempt, folder=operation is sync_nested_write)


async def call_in_tasks(db: Any, ledger: Ledger, callers: int, until: float, patience: float, seed: int) -> int:
    """Let tasks call; return how many have not ended `patience` seconds after the end."""
    tasks = [asyncio.create_task(TaskCaller(db, ledger, number, seed).run(until)) for number in range(callers)]
    _, stuck = await asyncio.wait(tasks, timeout=until - time.monotonic() + patience)
    for task in stuck:
        task.cancel()
    return len(stuck)


def call_in_threads(db: Any, ledger: Ledger, callers: int, until: float, patience: float, seed: int) -> int:
    """The same with threads."""
    threads = [
        threading.Thread(target=ThreadCaller(db, ledger, number, seed).run, args=(until,), daemon=True)
        for number in range(callers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(until + patience - time.monotonic(), 0))
    return sum(thread.is_alive() for thread in threads)
