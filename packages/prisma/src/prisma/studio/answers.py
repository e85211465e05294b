"""What the page asks for: its procedures, each with the SQL that the page has made.

An answer is `[null, result]` or `[error]`, as JSON. An error has `name`, `message` and, where the database gave one,
`code`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from prisma.faults import DriverFault
from prisma.studio.database import Query

if TYPE_CHECKING:
    from prisma.studio.database import Caller, StudioConnection, StudioDatabase


class UnreadableRequest(ValueError):
    """A request that the page does not make."""


class Answers:
    """Answers the page's requests on a database."""

    def __init__(self, database: StudioDatabase) -> None:
        self._database = database

    def answer(self, request: object, caller: Caller) -> str:
        """Return the answer to a request's JSON.

        Raises:
            UnreadableRequest: it is none of the page's requests.
        """
        if not isinstance(request, dict):
            raise UnreadableRequest("The body is not an object.")
        asked = cast("dict[str, Any]", request)
        procedures = {"query": _query, "transaction": _transaction, "sql-lint": _lint}
        procedure = procedures.get(str(asked.get("procedure")))
        if procedure is None:
            message = f"Studio for {self._database.product} has no procedure {asked.get('procedure')!r}."
            return _error("Error", message)
        try:
            with self._database.connection(caller) as connection:
                return f"[null,{procedure(connection, asked)}]"
        except DriverFault as fault:
            return self._refused(fault)

    def _refused(self, fault: DriverFault) -> str:
        sqlstate = fault.fields.get("sqlstate")
        lines = [fault.fields.get(name) for name in ("message", "detail", "hint")]
        message = "\n".join(str(line) for line in lines if line) or str(fault)
        return _error(f"{self._database.adapter.capitalize()}Error" if sqlstate else "Error", message, sqlstate)


def _query(connection: StudioConnection, request: dict[str, Any]) -> str:
    return connection.query(_statement(request.get("query")), _schema(request))


def _transaction(connection: StudioConnection, request: dict[str, Any]) -> str:
    queries = request.get("queries")
    if not isinstance(queries, list):
        raise UnreadableRequest("`queries` is not a list.")
    return connection.transaction([_statement(query) for query in cast("list[object]", queries)])


def _lint(connection: StudioConnection, request: dict[str, Any]) -> str:
    diagnostics = connection.lint(_text(request, "sql"), _schema(request))
    return json.dumps({"diagnostics": diagnostics, "schemaVersion": request.get("schemaVersion")})


def _schema(request: dict[str, Any]) -> str | None:
    schema = request.get("schema")
    return schema if isinstance(schema, str) and schema else None


def _statement(query: object) -> Query:
    if not isinstance(query, dict):
        raise UnreadableRequest("A query is not an object.")
    fields = cast("dict[str, Any]", query)
    parameters: object = fields.get("parameters") or []
    if not isinstance(parameters, list):
        raise UnreadableRequest("`parameters` is not a list.")
    transformations: object = fields.get("transformations") or {}
    if not isinstance(transformations, dict):
        raise UnreadableRequest("`transformations` is not an object.")
    return Query(_text(fields, "sql"), cast("list[object]", parameters), cast("dict[str, str]", transformations))


def _text(fields: dict[str, Any], name: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str):
        raise UnreadableRequest(f"`{name}` is not a text.")
    return text


def _error(name: str, message: str, code: object = None) -> str:
    error = {"name": name, "message": message}
    return json.dumps([error if code is None else {**error, "code": code}])
