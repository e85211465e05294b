"""Faults of drivers as errors with Prisma's codes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prisma.engine.error_codes import describe
from prisma.engine.errors import EngineConnectionError
from prisma.errors import PrismaError, data_error
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def translated(*, connecting: bool) -> Generator[None]:
    """Turn a driver's fault inside the block into an error with Prisma's code."""
    try:
        yield
    except DriverFault as fault:
        raise _translated(fault, connecting=connecting) from fault


def _translated(fault: DriverFault, *, connecting: bool) -> PrismaError:
    described = describe(fault.kind, fault.fields)
    error = data_error(described.code, described.message, described.meta)
    return EngineConnectionError(error.data, message=described.message) if connecting else error
