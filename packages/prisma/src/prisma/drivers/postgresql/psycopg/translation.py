"""Translation of psycopg's exceptions into faults, by fields and states, not by the text of a server's report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.pq import ConnStatus

from prisma.drivers.postgresql.sqlstates import OUTDATED, began_nothing, is_at_parameter, key_columns, kind_of, name_at
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions

FAILURES: Final[tuple[type[Exception], ...]] = (psycopg.Error, OSError, ValueError, ArithmeticError)
"""What psycopg and the operating system raise; TimeoutError is an OSError."""

# psycopg's field → our name for it.
_FIELDS: Final = {
    "sqlstate": "sqlstate",
    "severity_nonlocalized": "severity",
    "message_primary": "message",
    "message_detail": "detail",
    "message_hint": "hint",
    "schema_name": "schema",
    "table_name": "table",
    "column_name": "column",
    "constraint_name": "constraint",
    "datatype_name": "type",
}
_KEY_KINDS: Final = (FaultKind.UNIQUE_CONSTRAINT_VIOLATION, FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION)
_ENDING: Final = frozenset({"FATAL", "PANIC"})
_PROTOCOL_VIOLATION: Final = "08P01"
_UNKNOWN_STATEMENT: Final = "26000"
_OTHER_RESULT: Final = "0A000"  # "cached plan must not change result type"
_REVALIDATION: Final = "RevalidateCachedQuery"  # the function of the server that says so
_DATA_CLASS: Final = "22"
# How libpq writes a report of the server when it is verbose: severity, SQLSTATE, message.
_REPORT: Final = re.compile(r"\w+:\s+([0-9A-Z]{5}): (.*)")
_PLACE: Final = re.compile(r"connection to server .*? failed: ", re.DOTALL)

# libpq's words for a server that was gone before it said anything about TLS, as one that is shutting down.
_CLOSED: Final = "server closed the connection unexpectedly"

# How far a connection came → what its end means, where the server gave no reason.
_KIND_BY_STAGE: Final = {
    ConnStatus.SSL_STARTUP: FaultKind.TLS_CONNECTION_ERROR,
    ConnStatus.MADE: FaultKind.CONNECTION_CLOSED,
    ConnStatus.AWAITING_RESPONSE: FaultKind.CONNECTION_CLOSED,
    ConnStatus.AUTH_OK: FaultKind.CONNECTION_CLOSED,
}


class DialError(psycopg.OperationalError):
    """A connection that was not made.

    `stage` is where it ended, `verbose` tells whether SQLSTATEs are in the text, `needs_password` that the server asked
    for a password and got none.
    """

    def __init__(self, message: str, stage: ConnStatus, *, verbose: bool, needs_password: bool) -> None:
        super().__init__(message)
        self.stage = stage
        self.needs_password = needs_password
        self.verbose = verbose


def is_report(error: BaseException) -> bool:
    """Tell whether an error is the server's own report."""
    return isinstance(error, psycopg.Error) and error.diag.sqlstate is not None


def is_gone(error: BaseException) -> bool:
    """Tell whether the server has dropped or outgrown a kept statement."""
    if not isinstance(error, psycopg.Error) or not began_nothing(error.diag.context):
        return False
    outgrown = error.diag.sqlstate == _OTHER_RESULT and error.diag.source_function == _REVALIDATION
    return outgrown or error.diag.sqlstate == _UNKNOWN_STATEMENT


def is_outdated(error: BaseException) -> bool:
    """Tell whether a report may come from a change of the schema below a kept statement that has not begun."""
    if not isinstance(error, psycopg.Error) or error.diag.sqlstate is None:
        return False
    sqlstate, context = error.diag.sqlstate, error.diag.context
    if OUTDATED.fullmatch(sqlstate):
        return began_nothing(context)
    # A text that its parameter's type does not take.
    return is_gone(error) or (sqlstate.startswith(_DATA_CLASS) and is_at_parameter(context))


def ends_session(error: BaseException) -> bool:
    """Tell whether the server closes the connection with this report."""
    return isinstance(error, psycopg.Error) and error.diag.severity_nonlocalized in _ENDING


def fault(error: BaseException, sql: str, *, closed: bool) -> DriverFault:
    """Return the fault for what a statement raised; `closed` tells that its connection is gone."""
    if isinstance(error, DriverFault):
        return error
    if isinstance(error, psycopg.Error) and error.diag.sqlstate is not None:
        return _server_fault(error, error.diag.sqlstate, sql)
    if isinstance(error, TimeoutError):
        kind = FaultKind.SOCKET_TIMEOUT
    elif closed or isinstance(error, OSError):
        kind = FaultKind.CONNECTION_CLOSED
    else:
        kind = FaultKind.DATABASE_ERROR
    return DriverFault(kind, {"message": str(error) or type(error).__name__})


def connect_fault(error: BaseException, options: ConnectionOptions) -> DriverFault:
    """Return the fault for what dialling the database raised."""
    place: dict[str, object] = {
        "host": options.socket_folder or options.host,
        "port": options.port,
        "database": options.database,
        "user": options.user,
    }
    if isinstance(error, DriverFault):
        return DriverFault(error.kind, {**place, **error.fields})
    if isinstance(error, TimeoutError):
        fields = {"message": "The database server did not answer in time.", "timeout": options.connect_timeout}
        return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {**place, **fields})
    if isinstance(error, DialError):
        kind, fields = _dial_fields(error, options)
        return DriverFault(kind, {**place, **fields})
    kind = FaultKind.DATABASE_NOT_REACHABLE if isinstance(error, OSError) else FaultKind.DATABASE_ERROR
    return DriverFault(kind, {**place, "message": str(error) or type(error).__name__})


def startup_hint(options: ConnectionOptions) -> str:
    """Return what to do where a server does not take a start-up setting."""
    names = ", ".join(sorted(options.settings)) or "search_path"
    if options.pgbouncer:
        return f"PgBouncer must know the start-up settings ({names}): list them in its ignore_startup_parameters."
    return "If a PgBouncer in transaction mode is in front of the database, add pgbouncer=true to the URL."


def _dial_fields(error: DialError, options: ConnectionOptions) -> tuple[FaultKind, dict[str, object]]:
    text = _PLACE.sub("", str(error)).strip()
    report = _REPORT.match(text) if error.verbose else None
    if report is None:
        kind = _KIND_BY_STAGE.get(error.stage, FaultKind.DATABASE_NOT_REACHABLE)
        if error.needs_password:
            kind = FaultKind.AUTHENTICATION_FAILED
        elif kind is FaultKind.TLS_CONNECTION_ERROR and text.startswith(_CLOSED):
            kind = FaultKind.DATABASE_NOT_REACHABLE
        return kind, {"message": text.partition("\n")[0]}
    sqlstate, message = report[1], report[2]
    fields: dict[str, object] = {"sqlstate": sqlstate, "message": message}
    if sqlstate == _PROTOCOL_VIOLATION:
        fields["hint"] = startup_hint(options)
    return kind_of(sqlstate), fields


def _server_fault(error: psycopg.Error, sqlstate: str, sql: str) -> DriverFault:
    diag = error.diag
    kind = kind_of(sqlstate)
    fields: dict[str, object] = {
        ours: value for theirs, ours in _FIELDS.items() if (value := getattr(diag, theirs)) is not None
    }
    if kind in _KEY_KINDS and (columns := key_columns(diag.message_detail or "")):
        fields["columns"] = columns
    name = name_at(sql, int(diag.statement_position)) if diag.statement_position else ()
    if name and kind is FaultKind.TABLE_DOES_NOT_EXIST:
        fields |= {"table": name[-1]} | ({"schema": name[-2]} if len(name) > 1 else {})
    elif name and kind is FaultKind.COLUMN_NOT_FOUND:
        fields["column"] = name[-1]
    return DriverFault(kind, fields)
