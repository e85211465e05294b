"""Translation of the exceptions of asyncpg and the operating system into faults, by type and fields, not by text."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg import exceptions

from prisma.drivers.postgresql.sqlstates import NOT_IN_TEXT, key_columns, kind_of, name_at
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions

# Exceptions without a SQLSTATE, most special first: the first class that fits counts.
KIND_BY_TYPE: tuple[tuple[type[Exception], FaultKind], ...] = (
    (exceptions.ConnectionDoesNotExistError, FaultKind.CONNECTION_CLOSED),
    (exceptions.ClientConfigurationError, FaultKind.INVALID_URL),
    (exceptions.TargetServerAttributeNotMatched, FaultKind.DATABASE_NOT_REACHABLE),
    (exceptions.ProtocolError, FaultKind.DATABASE_ERROR),
    (exceptions.OutdatedSchemaCacheError, FaultKind.DATABASE_ERROR),
    (exceptions.UnsupportedClientFeatureError, FaultKind.DATABASE_ERROR),
    (exceptions.UnsupportedServerFeatureError, FaultKind.DATABASE_ERROR),
    (exceptions.InternalClientError, FaultKind.DATABASE_ERROR),
    (exceptions.InterfaceWarning, FaultKind.DATABASE_ERROR),
    (exceptions.InterfaceError, FaultKind.DATABASE_ERROR),
    (exceptions.UnknownPostgresError, FaultKind.DATABASE_ERROR),
    (exceptions.FatalPostgresError, FaultKind.DATABASE_ERROR),
    (exceptions.PostgresError, FaultKind.DATABASE_ERROR),
    (ssl.SSLError, FaultKind.TLS_CONNECTION_ERROR),
    (TimeoutError, FaultKind.SOCKET_TIMEOUT),
    (OSError, FaultKind.CONNECTION_CLOSED),
    # Values that Python's types can't hold, such as the time 24:00 or the year 99999.
    (ArithmeticError, FaultKind.DATABASE_ERROR),
    (ValueError, FaultKind.DATABASE_ERROR),
    (BufferError, FaultKind.DATABASE_ERROR),
)

TRANSLATED: tuple[type[Exception], ...] = tuple(type_ for type_, _ in KIND_BY_TYPE)

# How asyncpg begins to refuse a value. After it come the value and the reason.
_ARGUMENT = re.compile(r"invalid input for query argument \$\d+")
_QUOTES = frozenset("'\"")

# The server's field → our name for it.
_FIELDS = {
    "sqlstate": "sqlstate",
    "severity_en": "severity",
    "detail": "detail",
    "hint": "hint",
    "schema_name": "schema",
    "table_name": "table",
    "column_name": "column",
    "constraint_name": "constraint",
    "data_type_name": "type",
}
_KEY_KINDS = (FaultKind.UNIQUE_CONSTRAINT_VIOLATION, FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION)
_PROTOCOL_VIOLATION = "08P01"
_LOST_BEFORE_TLS = "unexpected connection_lost() call"  # asyncpg's own words: nothing else tells the two apart


def fault(error: BaseException, *, closed: bool = False) -> DriverFault:
    """Return the fault for what a statement raised; `closed` tells that its connection is gone."""
    server = _server_error(error)
    if server is not None:
        return _server_fault(server)
    if isinstance(error, asyncpg.PostgresError):
        return _value_fault(error)
    kind = next(kind for type_, kind in KIND_BY_TYPE if isinstance(error, type_))
    # A connection that breaks while a statement is being sent leaves asyncpg's protocol in a state it calls internal.
    if closed and isinstance(error, (exceptions.InterfaceError, exceptions.InternalClientError)):
        kind = FaultKind.CONNECTION_CLOSED
    return DriverFault(kind, {"message": _text(error)})


def connect_fault(error: BaseException, options: ConnectionOptions) -> DriverFault:
    """Return the fault for what dialling the database raised."""
    place = {
        "host": options.socket_folder or options.host,
        "port": options.port,
        "database": options.database,
        "user": options.user,
    }
    server = _server_error(error)
    if server is not None:
        found = _server_fault(server)
        if found.fields.get("sqlstate") == _PROTOCOL_VIOLATION:
            found.fields.setdefault("hint", _startup_hint(options))
        return DriverFault(found.kind, {**place, **found.fields})
    if isinstance(error, TimeoutError):
        fields = {"message": "The database server did not answer in time.", "timeout": options.connect_timeout}
        return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {**place, **fields})
    # asyncpg raises a bare ConnectionError where a server refuses TLS, and where it is gone before it has said anything
    # about it, as one that is shutting down. With TLS 1.3, a server that misses a certificate says so only after the
    # handshake.
    refused = type(error) is ConnectionError and str(error) != _LOST_BEFORE_TLS
    if isinstance(error, ssl.SSLError) or refused or isinstance(error.__cause__, ssl.SSLError):
        return DriverFault(FaultKind.TLS_CONNECTION_ERROR, {**place, "message": _text(error)})
    if isinstance(error, OSError):
        return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {**place, "message": _text(error)})
    found = fault(error)
    return DriverFault(found.kind, {**place, **found.fields})


def _server_error(error: BaseException) -> asyncpg.PostgresError | None:
    """Return the server's own report: `error`, or what it said before it closed the connection."""
    for each in (error, error.__cause__):
        if isinstance(each, asyncpg.PostgresError) and _field(each, "severity"):
            return each
    return None


def _server_fault(error: asyncpg.PostgresError) -> DriverFault:
    sqlstate = str(_field(error, "sqlstate"))
    kind = kind_of(sqlstate)
    fields: dict[str, object] = {"message": _text(error)}
    fields |= {ours: value for theirs, ours in _FIELDS.items() if (value := _field(error, theirs)) is not None}
    if kind in _KEY_KINDS and (columns := key_columns(str(fields.get("detail", "")))):
        fields["columns"] = columns
    name = _name_in_query(error)
    if name and kind is FaultKind.TABLE_DOES_NOT_EXIST:
        fields |= {"table": name[-1]} | ({"schema": name[-2]} if len(name) > 1 else {})
    elif name and kind is FaultKind.COLUMN_NOT_FOUND:
        fields["column"] = name[-1]
    return DriverFault(kind, fields)


def _name_in_query(error: asyncpg.PostgresError) -> tuple[str, ...]:
    query, position = _field(error, "query"), _field(error, "position")
    return name_at(str(query), int(str(position))) if query and position else ()


def _value_fault(error: asyncpg.PostgresError) -> DriverFault:
    """Return the fault for an error that asyncpg itself raised in the server's name: a value that it can't encode."""
    overflow = isinstance(error.__cause__, OverflowError)
    kind = kind_of(error.sqlstate or "")
    if isinstance(error, exceptions.DataError):
        kind = FaultKind.VALUE_OUT_OF_RANGE if overflow else FaultKind.INVALID_INPUT_VALUE
    unencodable = {"sqlstate": NOT_IN_TEXT} if isinstance(error.__cause__, UnicodeEncodeError) else {}
    return DriverFault(kind, {"message": _without_value(error), **unencodable})


def _without_value(error: asyncpg.PostgresError) -> str:
    """Return the message without the value that asyncpg quotes in it, which may be a secret."""
    text, cause = _text(error), error.__cause__
    argument = _ARGUMENT.match(text)
    if argument is None or cause is None:
        return text
    reason = cause.reason if isinstance(cause, UnicodeEncodeError) else str(cause)
    # A reason with quotes may quote the value, too.
    return f"{argument[0]}: {type(cause).__name__ if _QUOTES & set(reason) else reason}"


def _startup_hint(options: ConnectionOptions) -> str:
    names = ", ".join(sorted(options.settings)) or "search_path"
    if options.pgbouncer:
        return f"PgBouncer must know the start-up settings ({names}): list them in its ignore_startup_parameters."
    return "If a PgBouncer in transaction mode is in front of the database, add pgbouncer=true to the URL."


def _text(error: BaseException) -> str:
    """Return the primary message alone; asyncpg's str() appends detail and hint."""
    if isinstance(error, asyncpg.PostgresError | exceptions.InterfaceError) and error.args:
        return str(error.args[0])
    return str(error) or type(error).__name__


def _field(error: object, name: str) -> Any:
    return getattr(error, name, None)
