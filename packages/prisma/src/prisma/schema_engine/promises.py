"""JavaScript's promises and the queue of microtasks, as far as the engine uses them.

Work that takes time (statements of SQL) is not done where the engine asks for it, inside its own code, but by
`Loop.run_until`, when no microtask is left. So nothing of the engine is on the stack while a statement runs.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Any

from prisma.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Callable


class State(Enum):
    """How far a promise is."""

    PENDING = 0
    FULFILLED = 1
    REJECTED = 2


class Promise:
    """A promise. Its reactions are always microtasks, as in JavaScript."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._reactions: list[Callable[[], object]] = []
        # Whether its end is decided, perhaps as that of another promise.
        self._is_decided = False
        self.state = State.PENDING
        self.value: Any = UNDEFINED

    def resolve(self, value: Any = UNDEFINED, *_: object) -> None:
        """Fulfil the promise with a value, or let it end as another promise does."""
        if self._is_decided:
            return
        self._is_decided = True
        if isinstance(value, Promise):
            value._when_settled(lambda: self._settle(value.state, value.value))
        else:
            self._settle(State.FULFILLED, value)

    def reject(self, reason: Any = UNDEFINED, *_: object) -> None:
        """Reject the promise."""
        if not self._is_decided:
            self._is_decided = True
            self._settle(State.REJECTED, reason)

    def then(self, on_fulfilled: Callable[[Any], Any], on_rejected: Callable[[Any], Any] | None = None) -> Promise:
        """Return the promise of what one of the functions will make of this promise's value or reason."""
        following = Promise(self._loop)

        def react() -> None:
            if self.state is State.FULFILLED:
                following.resolve(on_fulfilled(self.value))
            elif on_rejected is not None:
                following.resolve(on_rejected(self.value))
            else:
                following.reject(self.value)

        self._when_settled(react)
        return following

    def _when_settled(self, reaction: Callable[[], object]) -> None:
        if self.state is State.PENDING:
            self._reactions.append(reaction)
        else:
            self._loop.enqueue(reaction)

    def _settle(self, state: State, value: Any) -> None:
        self.state, self.value = state, value
        for reaction in self._reactions:
            self._loop.enqueue(reaction)
        self._reactions.clear()


class Loop:
    """Microtasks, work and timers that wait for their turn."""

    def __init__(self) -> None:
        self._microtasks: deque[Callable[[], object]] = deque()
        self._work: deque[tuple[Promise, Callable[[], object]]] = deque()
        self._timers: list[tuple[float, int, Callable[[], object]]] = []
        self._timer_numbers = count(1)

    def enqueue(self, microtask: Callable[[], object]) -> None:
        """Add a microtask."""
        self._microtasks.append(microtask)

    def start(self, work: Callable[[], object]) -> Promise:
        """Return the promise of what `work` returns; it must not raise."""
        promise = Promise(self)
        self._work.append((promise, work))
        return promise

    def set_timer(self, function: Callable[[], object], milliseconds: int) -> int:
        """Call a function later, if anybody still waits then; return the timer's number."""
        number = next(self._timer_numbers)
        heapq.heappush(self._timers, (time.monotonic() + milliseconds / 1000, number, function))
        return number

    def run_until(self, promise: Promise) -> None:
        """Run what waits until the promise is settled and no microtask and no work is left.

        Raises RuntimeError if nothing is left that could settle it.
        """
        try:
            while promise.state is State.PENDING or self._microtasks or self._work:
                self._step()
        finally:
            # The engine never clears the timers that bound its work.
            self._timers.clear()

    def _step(self) -> None:
        if self._microtasks:
            self._microtasks.popleft()()
        elif self._work:
            promise, work = self._work.popleft()
            promise.resolve(work())
        elif self._timers:
            due, _, function = heapq.heappop(self._timers)
            time.sleep(max(due - time.monotonic(), 0))
            function()
        else:
            raise RuntimeError("The schema engine waits for something that nobody will do.")
