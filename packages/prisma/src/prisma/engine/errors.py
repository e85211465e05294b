"""Errors of 0.15.0's engine, kept under their names: programs catch them.

EngineError
 ├─ BinaryNotFoundError
 ├─ MismatchedVersionsError     (.expected .got)
 ├─ EngineConnectionError       the database can't be reached while connecting (.code .meta)
 ├─ EngineRequestError          (.response)
 │   └─ UnprocessableEntityError
 ├─ AlreadyConnectedError
 └─ NotConnectedError
"""

from __future__ import annotations

from prisma.errors import DataError, PrismaError


class EngineError(PrismaError):
    """Base of the errors that older clients raised for their engine process."""


class BinaryNotFoundError(EngineError):
    """Never raised: there is no binary any more."""


class AlreadyConnectedError(EngineError):
    """connect() was called on a connected client."""


class NotConnectedError(EngineError):
    """The engine was used before it was connected."""


class MismatchedVersionsError(EngineError):
    """Never raised: the compiler comes with the package."""

    def __init__(self, *, expected: str, got: str) -> None:
        super().__init__(f"Expected query engine version `{expected}` but got `{got}`.")
        self.expected = expected
        self.got = got


class EngineConnectionError(EngineError, DataError):
    """The database can't be reached, or refuses the connection, while the client connects."""


class EngineRequestError(EngineError):
    """Never raised: no requests are made to an engine."""

    def __init__(self, response: object, body: str) -> None:
        super().__init__(body)
        self.response = response


class UnprocessableEntityError(EngineRequestError):
    """Never raised, like its parent."""
