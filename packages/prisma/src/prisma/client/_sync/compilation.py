"""Compilation of new shapes. The asynchronous side does it in a thread."""

from __future__ import annotations

from prisma.client.planning.plans import BoundProgram, NewShape, Plans
from prisma.client.request.call import Call


def program_for(plans: Plans, call: Call) -> BoundProgram:
    """Return the program for a call; see `Plans.program`."""
    return plans.program(call)


def compiled(plans: Plans, call: Call, new: NewShape) -> BoundProgram:
    """Return the program for a call of a new shape.

    Raises:
        DataError: the arguments do not fit the schema; see `Plans.program`.
    """
    del new
    return plans.program(call)
