"""Compilation of new shapes: in a thread, so that the event loop goes on. The synchronous side does it at once."""

from __future__ import annotations

import asyncio
from typing import Final

from prisma.client._async.threads import Threads
from prisma.client.planning.plans import BoundProgram, NewShape, Plans
from prisma.client.request.call import Call

# What is under way in each event loop: calls of one shape that start together wait for one compilation, and go on
# together.
_running: Final[dict[tuple[asyncio.AbstractEventLoop, Plans, tuple[str, ...]], asyncio.Future[BoundProgram]]] = {}

# One is enough: only one compilation runs at a time in a process.
_threads: Final = Threads("prisma-compiler", 1)


async def program_for(plans: Plans, call: Call) -> BoundProgram:
    """Return the program for a call; see `Plans.program`."""
    try:
        return plans.known(call)
    except NewShape as error:
        new = error
    return await compiled(plans, call, new)


async def compiled(plans: Plans, call: Call, new: NewShape) -> BoundProgram:
    """Return the program for a call of a new shape.

    Raises:
        DataError: the arguments do not fit the schema; see `Plans.program`.
    """
    key = asyncio.get_running_loop(), plans, new.shape
    running = _running.get(key)
    if running is not None:
        await asyncio.wait([running])
        try:
            return plans.known(call)
        except NewShape:
            # It failed, or nothing is kept: each call meets its own error.
            pass
    for other in list(_running):
        # A loop that is closed hears of no end.
        if other[0].is_closed():
            _running.pop(other, None)
    # The compiler gives the interpreter's lock up while it works, which is most of the time.
    running = _running[key] = _threads.start(_program, plans, call)
    running.add_done_callback(lambda done: _end(key, done))
    # All wait in the same way, so that they go on in the order in which they came. A task that is cancelled does not
    # take the program from the others.
    await asyncio.wait([running])
    return running.result()


def _program(plans: Plans, call: Call) -> BoundProgram:
    bound = plans.program(call)
    program = bound[0] if call.form is None else bound[0].of_records(call.form)
    # To ask for it loads the program, whose source is written and compiled.
    _ = program.single
    return bound


def _end(key: tuple[asyncio.AbstractEventLoop, Plans, tuple[str, ...]], done: asyncio.Future[BoundProgram]) -> None:
    if _running.get(key) is done:
        del _running[key]
    if not done.cancelled():
        # The failure is that of the call, which may have been cancelled and not look at it.
        done.exception()
