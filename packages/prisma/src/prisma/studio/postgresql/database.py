"""A database of PostgreSQL as Studio asks for it, on a pool whose connections give text."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.postgresql.settings import quote_identifier
from prisma.faults import DriverFault, FaultKind
from prisma.studio.database import LEFT_OPEN, MAX_RESULT
from prisma.studio.postgresql.lint import ADAPTER, lint
from prisma.studio.postgresql.row_keys import with_row_keys
from prisma.studio.postgresql.values import sent, shown

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from prisma.drivers.postgresql.psycopg.text_connection import TextConnection, TextPool
    from prisma.studio.database import Caller, Query

DEFAULT_SCHEMA: Final = "public"
_LEFT_OPEN: Final = f"{LEFT_OPEN} Write what belongs together as one statement, with WITH or DO."


class PostgresStudio:
    """See `prisma.studio.database.StudioDatabase`."""

    adapter = ADAPTER
    product = "PostgreSQL"

    def __init__(self, pool: TextPool) -> None:
        self._pool = pool

    @property
    def start_schema(self) -> str | None:
        schema = self._pool.options.schema
        return None if schema == DEFAULT_SCHEMA else schema

    @contextmanager
    def connection(self, caller: Caller) -> Generator[PostgresStudioConnection]:
        connection = self._pool.acquire()
        try:
            with caller.waits_for(connection.cancel):
                yield PostgresStudioConnection(connection, self._pool)
        finally:
            if caller.is_gone:
                # The cancellation may arrive late, and must not hit the next caller's statement.
                connection.terminate()
            self._pool.release(connection)


class PostgresStudioConnection:
    """See `prisma.studio.database.StudioConnection`."""

    def __init__(self, connection: TextConnection, pool: TextPool) -> None:
        self._connection = connection
        self._is_pooled = pool.options.pgbouncer
        # Where names without schema are looked for by themselves.
        self._schema = pool.options.schema

    def query(self, query: Query, schema: str | None) -> str:
        connection = self._connection
        path = self._search_path(schema)
        if path and self._is_pooled:
            # A session behind PgBouncer is not ours to change.
            connection.begin(settings={"search_path": path})
            rows = connection.read(with_row_keys(query.sql), query.parameters, sent, MAX_RESULT)
            connection.commit()
            return shown(rows)
        if path:
            connection.execute_raw(f"SET search_path TO {path}", ())
        rows = connection.read(with_row_keys(query.sql), query.parameters, sent, MAX_RESULT)
        if connection.in_transaction:
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": _LEFT_OPEN})
        return shown(rows)

    def transaction(self, queries: Sequence[Query]) -> str:
        self._connection.begin()
        results: list[str] = []
        left = MAX_RESULT
        for query in queries:
            # A failure leaves the transaction open: the pool rolls it back.
            result = shown(self._connection.read(query.sql, query.parameters, sent, left))
            left -= len(result)
            results.append(result)
        self._connection.commit()
        return f"[{','.join(results)}]"

    def lint(self, sql: str, schema: str | None) -> list[dict[str, Any]]:
        path = self._search_path(schema)
        return lint(self._connection, sql, {"search_path": path} if path else {})

    def _search_path(self, schema: str | None) -> str | None:
        """Return the search path for the schema that is chosen in the page; None where the connection's own fits."""
        if schema in (None, self._schema):
            return None
        names = (schema,) if schema == DEFAULT_SCHEMA else (schema, DEFAULT_SCHEMA)
        return ", ".join(map(quote_identifier, names))
