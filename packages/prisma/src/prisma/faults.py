"""Errors of databases and drivers in a form that is the same for all drivers.

A driver turns its exceptions into a `DriverFault`; the client turns that into a code, a sentence and a class of
`prisma.errors`. The kinds have Prisma's names.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


STATEMENT_PREFIX = "prisma_"  # of the names of the statements that drivers keep in the server


class FaultKind(StrEnum):
    """Kinds of faults; the values are the names that Prisma's driver adapters use."""

    LENGTH_MISMATCH = "LengthMismatch"
    UNIQUE_CONSTRAINT_VIOLATION = "UniqueConstraintViolation"
    FOREIGN_KEY_CONSTRAINT_VIOLATION = "ForeignKeyConstraintViolation"
    NULL_CONSTRAINT_VIOLATION = "NullConstraintViolation"
    INVALID_INPUT_VALUE = "InvalidInputValue"
    VALUE_OUT_OF_RANGE = "ValueOutOfRange"
    MISSING_FULL_TEXT_INDEX = "MissingFullTextSearchIndex"
    TABLE_DOES_NOT_EXIST = "TableDoesNotExist"
    COLUMN_NOT_FOUND = "ColumnNotFound"
    TRANSACTION_WRITE_CONFLICT = "TransactionWriteConflict"
    TOO_MANY_CONNECTIONS = "TooManyConnections"
    AUTHENTICATION_FAILED = "AuthenticationFailed"
    DATABASE_ACCESS_DENIED = "DatabaseAccessDenied"
    DATABASE_DOES_NOT_EXIST = "DatabaseDoesNotExist"
    DATABASE_ALREADY_EXISTS = "DatabaseAlreadyExists"
    DATABASE_NOT_REACHABLE = "DatabaseNotReachable"
    SOCKET_TIMEOUT = "SocketTimeout"
    CONNECTION_CLOSED = "ConnectionClosed"
    INHERITED_CONNECTION = "InheritedConnection"  # a kind of ours
    TLS_CONNECTION_ERROR = "TlsConnectionError"
    POOL_TIMEOUT = "PoolTimeout"
    INVALID_URL = "InvalidUrl"
    INCONSISTENT_COLUMN_DATA = "InconsistentColumnData"
    DATABASE_ERROR = "postgres"


class DriverFault(Exception):
    """An error of the database, or of the connection to it.

    `fields` holds the facts that the server or the driver gave besides its text. Keys in use: `sqlstate`, `message`
    (the primary message), `detail`, `hint`, `severity`, `schema`, `table`, `column`, `constraint`, `columns` (tuple
    of names), `statement` (its SQL, in operations of several statements), `path` (of a file), `host`, `port`,
    `socket` (its path), `database`, `user`, `timeout` (seconds), `limit` (connections), `position` (a character of
    the SQL, from 1; of connections that give text). `message` and `detail` are the server's own text and may hold a
    value that a caller sent, but never a password.
    """

    def __init__(self, kind: FaultKind, fields: Mapping[str, object]) -> None:
        super().__init__(f"{kind}: {fields.get('message', '')}")
        self.kind = kind
        self.fields = dict(fields)


class ShadowRefused(DriverFault):
    """The user may not create a shadow database."""


class LockRefused(DriverFault):
    """Another session has held a lock for too long."""
