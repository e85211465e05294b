"""What the page asks for: its procedures, each with the SQL that the page has made.

An answer is `[null, result]` or `[error]`, as JSON. An error has `name`, `message` and, where the database gave one,
`code`.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from prisma.drivers.postgresql.settings import quote_identifier
from prisma.faults import DriverFault, FaultKind
from prisma.studio.lint import lint
from prisma.studio.row_keys import with_row_keys
from prisma.studio.values import sent, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from prisma.drivers.postgresql.psycopg.text_connection import TextConnection, TextPool

MAX_RESULT: Final = 64 * 2**20
"""Bytes of rows in one answer; the page shows a page of rows at a time, and its SQL view is no place for more."""
DEFAULT_SCHEMA: Final = "public"
_LEFT_OPEN: Final = (
    "A transaction can't stay open from one statement to the next here, so it is rolled back. "
    "Write what belongs together as one statement, with WITH or DO."
)


class Caller(Protocol):
    """The browser that waits for an answer; if it goes away, what is being done for it is cancelled."""

    @property
    def is_gone(self) -> bool:
        """Whether it has gone away, so that something was cancelled."""
        ...

    def waits_for(self, cancel: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `cancel`, from another thread, if the caller goes away during the block."""
        ...


class UnreadableRequest(ValueError):
    """A request that the page does not make."""


class Answers:
    """Answers the page's requests on the connections of a pool."""

    def __init__(self, pool: TextPool) -> None:
        self._pool = pool
        # Where names without schema are looked for by themselves.
        self._schema = pool.options.schema

    def answer(self, request: object, caller: Caller) -> str:
        """Return the answer to a request's JSON.

        Raises:
            UnreadableRequest: it is none of the page's requests.
        """
        if not isinstance(request, dict):
            raise UnreadableRequest("The body is not an object.")
        asked = cast("dict[str, Any]", request)
        procedures = {"query": self._query, "transaction": self._transaction, "sql-lint": self._lint}
        procedure = procedures.get(str(asked.get("procedure")))
        if procedure is None:
            return _error("Error", f"Studio for PostgreSQL has no procedure {asked.get('procedure')!r}.")
        try:
            with self._connection(caller) as connection:
                return f"[null,{procedure(connection, asked)}]"
        except DriverFault as fault:
            return _refused(fault)

    def _query(self, connection: TextConnection, request: dict[str, Any]) -> str:
        sql, parameters = _statement(request.get("query"))
        path = self._search_path(request)
        if path and self._pool.options.pgbouncer:
            # A session behind PgBouncer is not ours to change.
            connection.begin(settings={"search_path": path})
            rows = connection.read(with_row_keys(sql), parameters, sent, MAX_RESULT)
            connection.commit()
            return shown(rows)
        if path:
            connection.execute_raw(f"SET search_path TO {path}", ())
        rows = connection.read(with_row_keys(sql), parameters, sent, MAX_RESULT)
        if connection.in_transaction:
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": _LEFT_OPEN})
        return shown(rows)

    def _transaction(self, connection: TextConnection, request: dict[str, Any]) -> str:
        queries = request.get("queries")
        if not isinstance(queries, list):
            raise UnreadableRequest("`queries` is not a list.")
        statements = [_statement(query) for query in cast("list[object]", queries)]
        connection.begin()
        results: list[str] = []
        left = MAX_RESULT
        for sql, parameters in statements:
            # A failure leaves the transaction open: the pool rolls it back.
            result = shown(connection.read(sql, parameters, sent, left))
            left -= len(result)
            results.append(result)
        connection.commit()
        return f"[{','.join(results)}]"

    def _lint(self, connection: TextConnection, request: dict[str, Any]) -> str:
        path = self._search_path(request)
        diagnostics = lint(connection, _text(request, "sql"), {"search_path": path} if path else {})
        return json.dumps({"diagnostics": diagnostics, "schemaVersion": request.get("schemaVersion")})

    def _search_path(self, request: dict[str, Any]) -> str | None:
        """Return the search path for the schema that is chosen in the page; None where the connection's own fits."""
        schema = request.get("schema")
        if not isinstance(schema, str) or schema in ("", self._schema):
            return None
        names = (schema,) if schema == DEFAULT_SCHEMA else (schema, DEFAULT_SCHEMA)
        return ", ".join(map(quote_identifier, names))

    @contextmanager
    def _connection(self, caller: Caller) -> Generator[TextConnection]:
        connection = self._pool.acquire()
        try:
            with caller.waits_for(connection.cancel):
                yield connection
        finally:
            if caller.is_gone:
                # The cancellation may arrive late, and must not hit the next caller's statement.
                connection.terminate()
            self._pool.release(connection)


def _statement(query: object) -> tuple[str, list[object]]:
    if not isinstance(query, dict):
        raise UnreadableRequest("A query is not an object.")
    fields = cast("dict[str, Any]", query)
    parameters: object = fields.get("parameters") or []
    if not isinstance(parameters, list):
        raise UnreadableRequest("`parameters` is not a list.")
    return _text(fields, "sql"), cast("list[object]", parameters)


def _text(fields: dict[str, Any], name: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str):
        raise UnreadableRequest(f"`{name}` is not a text.")
    return text


def _refused(fault: DriverFault) -> str:
    sqlstate = fault.fields.get("sqlstate")
    lines = [fault.fields.get(name) for name in ("message", "detail", "hint")]
    message = "\n".join(str(line) for line in lines if line) or str(fault)
    return _error("PostgresError" if sqlstate else "Error", message, sqlstate)


def _error(name: str, message: str, code: object = None) -> str:
    error = {"name": name, "message": message}
    return json.dumps([error if code is None else {**error, "code": code}])
