"""The weather: what happens to the server and to the network meanwhile, in a thread of its own."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from servers.proxy import Mode, Proxy
from servers.tcp import TcpServer

DATABASE: Final = "storm"
PAUSES: Final = (0.1, 0.8)  # seconds between two faults, at least and at most
LONGEST: Final = 5.0  # seconds that the network swallows, or is slow; mostly it is far less
CUT: Final = 0.05  # seconds that it is cut: meanwhile every call fails at once, so there is little to see

TERMINATE: Final = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.4
"""
CANCEL: Final = """
DO $$ BEGIN
    FOR i IN 1..20 LOOP
        PERFORM pg_stat_clear_snapshot();
        PERFORM pg_cancel_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND random() < 0.5;
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$
"""


class Weather:
    """Bad weather until `clear` is called; `faults` counts what happened."""

    def __init__(self, server: TcpServer, proxy: Proxy, seed: int) -> None:
        self.faults: Counter[str] = Counter()
        self._server = server
        self._proxy = proxy
        self._chance = random.Random(seed)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="weather")
        self._thread.start()

    def clear(self) -> None:
        """Let everything work again."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        choices: list[tuple[Callable[[], str], int]] = [
            (lambda: self._sessions("terminate", TERMINATE), 4),
            (lambda: self._sessions("cancel", CANCEL), 4),
            (lambda: self._network("hole"), 4),
            (lambda: self._network("hole-down"), 4),
            (lambda: self._network("slow"), 2),
            (lambda: self._network("cut"), 3),
            (lambda: self._restart("fast"), 1),
            (lambda: self._restart("immediate"), 1),
        ]
        actions, weights = zip(*choices, strict=True)
        while not self._end.wait(self._chance.uniform(*PAUSES)):
            (action,) = self._chance.choices(actions, weights)
            self.faults[action()] += 1

    def _sessions(self, name: str, sql: str) -> str:
        self._server.run(sql, database=DATABASE)
        return name

    def _network(self, mode: Mode) -> str:
        self._proxy.mode = mode
        self._end.wait(CUT if mode == "cut" else LONGEST * self._chance.random() ** 3)
        self._proxy.mode = "pass"
        return mode

    def _restart(self, mode: str) -> str:
        self._server.stop(mode)
        time.sleep(self._chance.uniform(0, 0.5))
        self._server.start()
        return "restart"
