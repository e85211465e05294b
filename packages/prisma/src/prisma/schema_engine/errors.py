"""Errors of the schema engine."""

from __future__ import annotations

import re
from typing import Any

from prisma.errors import PrismaError

# The engine appends lines of its trace, such as `   0: sql_schema_connector::validate_migrations`.
_TRACE = re.compile(r"\n *\d+: \w+::.*", re.DOTALL)


class SchemaEngineError(PrismaError):
    """The engine refused a call.

    Its cause is the `DriverFault` of the last statement that the database refused during the call, if there was one.

    Attributes:
        message: why.
        code: the code from Prisma's error reference, e.g. `P3006`; None when there is none.
        meta: facts about the error, by name.
    """

    def __init__(self, message: str, code: str | None = None, meta: Any = None) -> None:
        self.message = without_trace(message)
        self.code = code
        self.meta = meta
        super().__init__(self.message)


class SchemaEnginePanic(PrismaError):
    """The engine broke off: a fault of the engine, or of what it was told. It can't be used any more."""

    def __init__(self, reason: str) -> None:
        self.message = (
            f"Prisma's schema engine stopped unexpectedly: {without_trace(reason)} "
            "This is a fault of the engine; please report it with the schema and the migrations."
        )
        super().__init__(self.message)


def without_trace(message: str) -> str:
    """Return a message of the engine without the lines that only its developers can read."""
    return _TRACE.sub("", message).rstrip()
