"""The fair share of connections: one user's requests may hold only a part of the pool at the same time.

Spends of one user wait for each other's locks, each with a connection. Without a bound, sixty of them would hold all
connections, and other users would wait behind them. Here they wait before they take a connection.
"""

from __future__ import annotations

import asyncio
from collections import deque
from http import HTTPStatus

from app.http.problems import RETRY_AFTER, ProblemError

MAX_WAIT = 20.0  # seconds; longer than the wait for a connection, because this one holds nothing


class FairShare:
    """The running transactions of each user: at most a third of the pool's connections.

    `max_wait` is how many seconds a transaction waits for its turn.
    """

    def __init__(self, connections: int, *, max_wait: float = MAX_WAIT) -> None:
        self._limit = max(1, connections // 3)
        self._max_wait = max_wait
        self._running: dict[str, int] = {}
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    async def enter(self, user_id: str) -> None:
        """Wait for the user's turn, which ends with `leave`.

        Raises:
            ProblemError: 503, the turn did not come in time.
        """
        running = self._running.get(user_id, 0)
        if running < self._limit:
            self._running[user_id] = running + 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user_id, deque()).append(turn)
        try:
            async with asyncio.timeout(self._max_wait):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                # The turn came, but nobody is left to take it.
                self.leave(user_id)
            if isinstance(error, TimeoutError):
                raise _LATE from error
            raise

    def leave(self, user_id: str) -> None:
        """End a turn, and give it to the transaction that waits longest."""
        waiting = self._waiting.get(user_id)
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._waiting.pop(user_id, None)
        self._running[user_id] -= 1
        if not self._running[user_id]:
            # Only users with a running transaction are remembered.
            del self._running[user_id]


_LATE = ProblemError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "too_many_at_once",
    "Too many requests of this user wait for each other: send fewer at the same time.",
    headers={"Retry-After": RETRY_AFTER},
)
