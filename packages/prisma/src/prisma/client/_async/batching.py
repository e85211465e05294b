"""Batching: find_unique calls of one tick of an event loop become one statement.

The first call of a shape goes to the database at once, so that a single call never waits. While it is under way, other
calls of its shape are collected until the end of their tick, and sent together (`WHERE key IN …`). Some calls are sent
again alone: those whose record can't be matched for sure, such as a key that the database compares in its own way, and
those that must raise.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from prisma.client._async.compilation import program_for
from prisma.client._async.session import PoolSession
from prisma.client.planning.batching import Lookup, found
from prisma.client.planning.plans import BoundProgram, Plans
from prisma.client.request.call import Call

_Place: TypeAlias = tuple[asyncio.AbstractEventLoop, int]

_ALONE: Final = object()
"""Tells a call that gathered with others to ask for itself."""


class _Batch:
    """Calls of one shape that wait for the end of the tick; their futures hold the answers."""

    def __init__(self, bound: BoundProgram, lookup: Lookup) -> None:
        self.rest = bound[1][1:], bound[2]
        self.lookup = lookup
        self.members: list[tuple[object, asyncio.Future[Any]]] = []


class Batcher:
    """The find_unique calls of one client that are under way.

    `_running` has, by the event loop and the program that they run, the batch that gathers, or a token for a single
    call. The tasks of two loops never gather: a future can only be answered from its own loop's thread.
    """

    def __init__(self) -> None:
        self._running: dict[_Place, object] = {}

    async def run(self, session: PoolSession, bound: BoundProgram, plans: Plans, call: Call) -> Any:
        """Run a find_unique, with others if there are any, and return its result."""
        program, values, numbers = bound
        place = loop, _ = asyncio.get_running_loop(), id(program)
        running = self._running.get(place)
        if running is None:
            token = self._running[place] = object()
            try:
                return await session.run(program, values, numbers)
            finally:
                # The leader removes its own batch.
                if self._running.get(place) is token:
                    del self._running[place]
        if not isinstance(running, _Batch):
            lookup = Lookup(plans, call)
            return await (self._lead(session, place, bound, lookup) if lookup.is_plain() else session.run(*bound))
        # A call with other values besides its key can't share the statement.
        if running.rest != (values[1:], numbers):
            return await session.run(*bound)
        future = loop.create_future()
        running.members.append((values[0], future))
        answer = await future
        return await session.run(*bound) if answer is _ALONE else answer

    async def _lead(self, session: PoolSession, place: _Place, bound: BoundProgram, lookup: Lookup) -> Any:
        values = bound[1]
        batch = self._running[place] = _Batch(bound, lookup)
        answers: Mapping[object, Any] = {}
        try:
            try:
                # The calls that other tasks make in this tick join the batch.
                await asyncio.sleep(0)
            finally:
                del self._running[place]
            if batch.members:
                answers = await self._ask(session, batch, values[0])
        finally:
            _answer(batch, answers, values[0])
        own = answers.get(values[0], _ALONE)
        return await session.run(*bound) if own is _ALONE else own

    async def _ask(self, session: PoolSession, batch: _Batch, first: object) -> Mapping[object, Any]:
        keys = list(dict.fromkeys([first, *(key for key, _ in batch.members)]))
        try:
            call = batch.lookup.among(keys)
            program, values, numbers = await program_for(batch.lookup.plans, call)
            if call.form is not None:
                program = program.of_records(call.form)
            return found(batch.lookup, keys, await session.run(program, values, numbers))
        except Exception:
            # Whatever it was: each call meets it again alone, with its own error.
            return {}


def _answer(batch: _Batch, answers: Mapping[object, Any], first: object) -> None:
    given = {first}
    for key, future in batch.members:
        if future.done():
            continue
        answer = answers.get(key, _ALONE)
        # Records must not share what is inside them.
        future.set_result(copy.deepcopy(answer) if key in given and answer is not _ALONE else answer)
        given.add(key)
