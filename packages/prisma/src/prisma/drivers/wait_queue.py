"""Lines: the callers that wait for a connection, and the order in which they get one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

WaiterT = TypeVar("WaiterT")


class Lines(Generic[WaiterT]):
    """Two lines, one of calls and one of transactions: served in turns, each first-come first-served.

    A transaction gives up sooner than a call. Behind thousands of calls in one line none would ever be served.
    """

    def __init__(self) -> None:
        self._calls: OrderedDict[WaiterT, float] = OrderedDict()
        self._transactions: OrderedDict[WaiterT, float] = OrderedDict()
        self._turn = self._transactions

    def __len__(self) -> int:
        return len(self._calls) + len(self._transactions)

    def __iter__(self) -> Iterator[tuple[WaiterT, float]]:
        """Each who waits, and until when."""
        yield from self._calls.items()
        yield from self._transactions.items()

    def join(self, waiter: WaiterT, until: float, *, transaction: bool) -> None:
        """Wait at the end of a line."""
        (self._transactions if transaction else self._calls)[waiter] = until

    def leave(self, waiter: WaiterT) -> None:
        """Wait no more, wherever it was."""
        self._calls.pop(waiter, None)
        self._transactions.pop(waiter, None)

    def take_next(self) -> WaiterT:
        """Take out who is next; somebody must wait."""
        line = self._turn or self._other(self._turn)
        self._turn = self._other(line)
        return line.popitem(last=False)[0]

    def _other(self, line: OrderedDict[WaiterT, float]) -> OrderedDict[WaiterT, float]:
        return self._calls if line is self._transactions else self._transactions
