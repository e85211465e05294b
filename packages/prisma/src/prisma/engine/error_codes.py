"""Error codes: a fault of a driver becomes one of Prisma's codes, with its sentence and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from prisma.faults import STATEMENT_PREFIX, FaultKind
from prisma.frozen import Frozen

FieldLookup: TypeAlias = Callable[[str], Sequence[str] | None]
"""Constraint name → the fields it covers, None for a constraint that the schema doesn't know."""


class Refusal(Frozen):
    """Why an operation was refused: P-code, sentence for the user, facts by name."""

    code: str
    message: str
    meta: dict[str, Any]


def describe(
    kind: FaultKind, fields: Mapping[str, Any], *, field_names: FieldLookup = lambda constraint: None, raw: bool = False
) -> Refusal:
    """Return code, message and meta of a fault.

    `field_names` names the fields of a constraint. `raw` says that the SQL was the caller's own: what the server has
    against it, or the driver against its values, is P2010 with the SQLSTATE and message. What can't be read is P2023.
    """
    if raw and kind not in _ABOUT_CONNECTIONS and kind is not FaultKind.INCONSISTENT_COLUMN_DATA:
        return _raw(kind, fields)
    return _BY_KIND[kind](fields, field_names)


# The server's codes for what a driver found before it.
_RAW_CODES: Mapping[FaultKind, str] = {FaultKind.INVALID_INPUT_VALUE: "22P02", FaultKind.VALUE_OUT_OF_RANGE: "22003"}


def _raw(kind: FaultKind, fields: Mapping[str, Any]) -> Refusal:
    # `N/A` is Prisma's word for an error without a code of the server.
    code = fields.get("sqlstate") or _RAW_CODES.get(kind, "N/A")
    message = fields.get("message", "")
    meta = {"code": code, "message": message}
    return Refusal("P2010", f"Raw query failed. Code: `{code}`. Message: `{message}`{_pooler_fix(fields)}", meta)


# A kept statement that its session lacks, has twice, or has with other parameters.
_KEPT_ELSEWHERE = frozenset({"26000", "42P05", "08P01"})
_POOLER_FIX = (
    ". If a pooler in transaction mode, such as PgBouncer, is in front of the database, add pgbouncer=true to the URL."
)


def _pooler_fix(fields: Mapping[str, Any]) -> str:
    """Return what to do about a statement of ours that a pooler sent to another session; nothing for other errors."""
    # By the name, because SQL of the caller may name statements that do not exist, too.
    if fields.get("sqlstate") in _KEPT_ELSEWHERE and STATEMENT_PREFIX in str(fields.get("message")):
        return _POOLER_FIX
    return ""


_Facts: TypeAlias = Mapping[str, Any]
_Describe: TypeAlias = Callable[[_Facts, FieldLookup], Refusal]


def _said(code: str, sentence: str, *facts: str) -> _Describe:
    """Return the description by a sentence with `{fact}`s in it; `facts` become the meta."""

    def describe(fields: _Facts, field_names: FieldLookup) -> Refusal:
        known = _Known(fields)
        # The meta has only what is known, the sentence says of the rest that it is not available.
        return Refusal(code, sentence.format_map(known), {name: known[name] for name in facts if name in fields})

    return describe


class _Known(dict[str, Any]):
    """The facts of a fault; a driver may lack any of them."""

    def __missing__(self, key: str) -> str:
        return "(not available)"


def _covered(fields: _Facts, field_names: FieldLookup) -> list[str]:
    """Return the fields of the violated constraint: from the schema, else the columns that the server named."""
    constraint = fields.get("constraint")
    found = (field_names(constraint) if constraint else None) or fields.get("columns") or fields.get("column") or ()
    return [found] if isinstance(found, str) else list(cast("Sequence[str]", found))


def _quoted(names: Sequence[str]) -> str:
    # As the old engine wrote it, without a space; Prisma 7 writes one, and programs compare the text.
    return ",".join(f"`{name}`" for name in names)


def _unique(fields: _Facts, field_names: FieldLookup) -> Refusal:
    constraint = fields.get("constraint")
    names = _covered(fields, field_names)
    # Programs look at the fields to tell which key was taken; an index that the schema lacks has only its name.
    if names:
        return Refusal("P2002", f"Unique constraint failed on the fields: ({_quoted(names)})", {"target": names})
    where = f"constraint: `{constraint}`" if constraint else "(not available)"
    return Refusal("P2002", f"Unique constraint failed on the {where}", {"target": constraint})


def _foreign_key(fields: _Facts, field_names: FieldLookup) -> Refusal:
    constraint = fields.get("constraint")
    # Not the columns that the server names: when a referenced row is deleted, they are the other table's.
    # SQLite names nothing.
    names = field_names(constraint) if constraint else None
    field = ", ".join(names or ()) or (f"{constraint} (index)" if constraint else "foreign key")
    meta = {"field_name": field, **({"constraint": constraint} if constraint else {})}
    return Refusal("P2003", f"Foreign key constraint failed on the field: `{field}`", meta)


def _null(fields: _Facts, field_names: FieldLookup) -> Refusal:
    names = _covered(fields, field_names)
    where = f"fields: ({_quoted(names)})" if names else "(not available)"
    return Refusal("P2011", f"Null constraint violation on the {where}", {"constraint": names})


_DEADLOCK_DETECTED = "40P01"


def _write_conflict(fields: _Facts, field_names: FieldLookup) -> Refusal:
    message = "Transaction failed due to a write conflict or a deadlock. Please retry your transaction"
    # A deadlock points to an order of locks in the program, a write conflict does not.
    if fields.get("sqlstate") == _DEADLOCK_DETECTED:
        message += " (deadlock detected)"
    return Refusal("P2034", message, {"code": fields["sqlstate"]} if "sqlstate" in fields else {})


def _timeout(fields: _Facts, field_names: FieldLookup) -> Refusal:
    known = _Known(fields)
    # With a host it was the connection that timed out, without it a statement.
    if "host" in fields:
        place = {"host": known["host"], "port": known["port"]}
        return Refusal(
            "P1002", "The database server at `{host}`:`{port}` was reached but timed out.".format(**place), place
        )
    after = f" after {fields['timeout']:g} s" if "timeout" in fields else ""
    # Others keep a file locked for their own time.
    context = f". Context: the database file is locked. Database: {fields['path']}" if "path" in fields else ""
    meta = {name: fields[name] for name in ("timeout", "path") if name in fields}
    return Refusal("P1008", f"Operations timed out{after}{context}", meta)


def _no_database(fields: _Facts, field_names: FieldLookup) -> Refusal:
    meta = {"database": _Known(fields)["database"]}
    where = f"at `{fields['path']}`" if "path" in fields else "on the database server."
    return Refusal("P1003", f"Database `{meta['database']}` does not exist {where}", meta)


_one_unreachable = _said("P1001", "Can't reach database server at `{host}:{port}`", "host", "port")


def _unreachable(fields: _Facts, field_names: FieldLookup) -> Refusal:
    if "path" in fields:
        message = "Can't open the database file `{path}`: {message}.".format_map(_Known(fields))
        return Refusal("P1001", message, {"path": fields["path"]})
    if "socket" in fields:
        return Refusal("P1001", f"Can't reach database server at `{fields['socket']}`", {"socket": fields["socket"]})
    reasons: Mapping[str, str] | None = fields.get("reasons")
    if reasons is None:
        return _one_unreachable(fields, field_names)
    # With several servers, or conditions, nobody could guess which of them failed and why.
    each = "; ".join(f"`{place}`: {reason}" for place, reason in reasons.items())
    meta = {"host": fields["host"], "port": fields["port"], "reasons": dict(reasons)}
    return Refusal("P1001", f"Can't reach a suitable database server. {each}", meta)


def _too_long(fields: _Facts, field_names: FieldLookup) -> Refusal:
    # PostgreSQL does not say which column it is; other databases do.
    column = _Known(fields)["column"]
    message = f"The provided value for the column is too long for the column's type. Column: {column}"
    return Refusal("P2000", message, {"column_name": column})


def _other(fields: _Facts, field_names: FieldLookup) -> Refusal:
    known = _Known(fields)
    meta = {"code": known["sqlstate"], "message": known["message"]}
    if "sqlstate" not in fields:
        return Refusal("P2039", f"Database error. {known['message']}", {"message": known["message"]})
    sentence = "Database error. Code: `{code}`. Message: `{message}`".format(**meta)
    return Refusal("P2039", sentence + _pooler_fix(fields), meta)


# These have their own codes in raw queries, too: the caller's SQL is not to blame.
_ABOUT_CONNECTIONS = frozenset(
    {
        FaultKind.TOO_MANY_CONNECTIONS,
        FaultKind.AUTHENTICATION_FAILED,
        FaultKind.DATABASE_ACCESS_DENIED,
        FaultKind.DATABASE_DOES_NOT_EXIST,
        FaultKind.DATABASE_NOT_REACHABLE,
        FaultKind.SOCKET_TIMEOUT,
        FaultKind.CONNECTION_CLOSED,
        FaultKind.INHERITED_CONNECTION,
        FaultKind.TLS_CONNECTION_ERROR,
        FaultKind.POOL_TIMEOUT,
        FaultKind.INVALID_URL,
    }
)

# The words of Prisma's Rust engine; programs look for them.
_POOL_TIMEOUT = (
    "Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool "
    "(Current connection pool timeout: {timeout}, connection limit: {limit})"
)

_BY_KIND: dict[FaultKind, _Describe] = {
    FaultKind.LENGTH_MISMATCH: _too_long,
    FaultKind.UNIQUE_CONSTRAINT_VIOLATION: _unique,
    FaultKind.FOREIGN_KEY_CONSTRAINT_VIOLATION: _foreign_key,
    FaultKind.NULL_CONSTRAINT_VIOLATION: _null,
    FaultKind.INVALID_INPUT_VALUE: _said("P2007", "Invalid input value: {message}", "message"),
    FaultKind.VALUE_OUT_OF_RANGE: _said("P2020", "Value out of range for the type: {message}", "message"),
    FaultKind.MISSING_FULL_TEXT_INDEX: _said(
        "P2030",
        "Cannot find a fulltext index to use for the search, try adding a @@fulltext([Fields...]) to your schema",
    ),
    FaultKind.TABLE_DOES_NOT_EXIST: _said(
        "P2021", "The table `{table}` does not exist in the current database.", "table"
    ),
    FaultKind.COLUMN_NOT_FOUND: _said(
        "P2022", "The column `{column}` does not exist in the current database.", "column"
    ),
    FaultKind.TRANSACTION_WRITE_CONFLICT: _write_conflict,
    FaultKind.TOO_MANY_CONNECTIONS: _said("P2037", "Too many database connections opened: {message}", "message"),
    FaultKind.AUTHENTICATION_FAILED: _said(
        "P1000", "Authentication failed against the database server: the credentials of `{user}` are not valid.", "user"
    ),
    FaultKind.DATABASE_ACCESS_DENIED: _said(
        "P1010", "User `{user}` was denied access on the database `{database}`", "user", "database"
    ),
    FaultKind.DATABASE_DOES_NOT_EXIST: _no_database,
    FaultKind.DATABASE_ALREADY_EXISTS: _said(
        "P1009", "Database `{database}` already exists on the database server", "database"
    ),
    FaultKind.DATABASE_NOT_REACHABLE: _unreachable,
    FaultKind.SOCKET_TIMEOUT: _timeout,
    FaultKind.CONNECTION_CLOSED: _said("P1017", "Server has closed the connection."),
    FaultKind.INHERITED_CONNECTION: _said(
        "P1017",
        "The connection belongs to the process that forked this one. Begin again what used it.",
    ),
    FaultKind.TLS_CONNECTION_ERROR: _said("P1011", "Error opening a TLS connection: {message}", "message"),
    FaultKind.POOL_TIMEOUT: _said("P2024", _POOL_TIMEOUT, "timeout", "limit"),
    FaultKind.INVALID_URL: _said("P1013", "The provided database string is invalid. {message}", "message"),
    FaultKind.INCONSISTENT_COLUMN_DATA: _said("P2023", "Inconsistent column data: {message}", "message", "column"),
    FaultKind.DATABASE_ERROR: _other,
}
