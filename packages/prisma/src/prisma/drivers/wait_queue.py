"""The queue of callers that wait for a connection, and the order in which they get one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

WaiterT = TypeVar("WaiterT")


class WaitQueue(Generic[WaiterT]):
    """Two queues, one of calls and one of transactions: served in turns, each first-come first-served.

    A transaction gives up sooner than a call. Behind thousands of calls in one queue none would ever be served.
    """

    def __init__(self) -> None:
        # Ordered dictionaries, because a caller that gives up leaves from the middle.
        self._calls: OrderedDict[WaiterT, float] = OrderedDict()
        self._transactions: OrderedDict[WaiterT, float] = OrderedDict()
        self._turn = self._transactions

    def __len__(self) -> int:
        return len(self._calls) + len(self._transactions)

    def __iter__(self) -> Iterator[tuple[WaiterT, float]]:
        """Yield each waiter with the moment at which it gives up."""
        yield from self._calls.items()
        yield from self._transactions.items()

    def join(self, waiter: WaiterT, until: float, *, transaction: bool) -> None:
        """Add a waiter at the end of its queue."""
        (self._transactions if transaction else self._calls)[waiter] = until

    def leave(self, waiter: WaiterT) -> None:
        """Remove a waiter from its queue, if it is in one."""
        self._calls.pop(waiter, None)
        self._transactions.pop(waiter, None)

    def take_next(self) -> WaiterT:
        """Remove and return the next waiter; there must be one."""
        queue = self._turn or self._other(self._turn)
        self._turn = self._other(queue)
        return queue.popitem(last=False)[0]

    def _other(self, queue: OrderedDict[WaiterT, float]) -> OrderedDict[WaiterT, float]:
        return self._calls if queue is self._transactions else self._transactions
