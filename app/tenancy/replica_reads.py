"""The choice between the primary and the replicas for the reads of a request, so that callers see their own writes.

A replica answers if it is known to have everything that was committed `max_lag` seconds before the read. So the reads
of a caller who has changed something go to the primary for that long. The client's own `read_your_writes` would not do:
each request is counted in the database first, which is a write of this client, and no read would reach a replica.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prisma import Prisma


class ReplicaReads:
    """The reads of one process, whose `client` has replicas that are at most `max_lag` seconds behind."""

    def __init__(self, client: Prisma, max_lag: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._primary = client.primary()
        self._max_lag = max_lag
        self._clock = clock
        # The end of each caller's last change, the oldest first.
        self._written: dict[str, float] = {}

    def wrote(self, caller_id: str) -> None:
        """Remember that a change of this caller has just ended, whatever came of it."""
        now = self._clock()
        self._written.pop(caller_id, None)
        self._written[caller_id] = now
        while (oldest := next(iter(self._written))) != caller_id and not self._may_be_missing(oldest, now):
            del self._written[oldest]

    def client_for(self, caller_id: str, cache_control: str | None = None) -> Prisma:
        """Return the client for a read of this caller; by `Cache-Control: no-cache`, that of the primary."""
        if self._may_be_missing(caller_id, self._clock()) or _wants_the_newest(cache_control):
            return self._primary
        return self._client

    def _may_be_missing(self, caller_id: str, now: float) -> bool:
        written = self._written.get(caller_id)
        return written is not None and now - written <= self._max_lag


def _wants_the_newest(cache_control: str | None) -> bool:
    words = (cache_control or "").lower().split(",")
    return any(word.strip() == "no-cache" for word in words)
