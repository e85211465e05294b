"""A file of SQLite as Studio asks for it: a connection for each request, as opening one costs next to nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.sqlite.session import Session
from prisma.faults import DriverFault, FaultKind
from prisma.studio.database import LEFT_OPEN, MAX_RESULT
from prisma.studio.sqlite.lint import ADAPTER, lint
from prisma.studio.sqlite.parameters import columns_of_parameters, table_of
from prisma.studio.sqlite.row_keys import with_row_keys
from prisma.studio.sqlite.values import sent, shown

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from prisma.drivers.sqlite.file_url import FileOptions
    from prisma.studio.database import Caller, Query

_BLOBS: Final = "SELECT name FROM pragma_table_info(?) WHERE type LIKE '%blob%'"


class SqliteStudio:
    """See `prisma.studio.database.StudioDatabase`."""

    adapter = ADAPTER
    product = "SQLite"
    start_schema = None

    def __init__(self, options: FileOptions) -> None:
        self._options = options

    @contextmanager
    def connection(self, caller: Caller) -> Generator[SqliteStudioConnection]:
        session = Session(self._options)
        try:
            with caller.waits_for(session.interrupt):
                yield SqliteStudioConnection(session)
        finally:
            session.close()


class SqliteStudioConnection:
    """See `prisma.studio.database.StudioConnection`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def query(self, query: Query, schema: str | None) -> str:
        del schema
        rows = self._rows(query, MAX_RESULT)
        if self._session.in_transaction:
            raise DriverFault(FaultKind.DATABASE_ERROR, {"message": LEFT_OPEN})
        return rows

    def transaction(self, queries: Sequence[Query]) -> str:
        self._session.begin(None, None)
        results: list[str] = []
        left = MAX_RESULT
        for query in queries:
            # A failure leaves the transaction open: it ends with the connection.
            result = self._rows(query, left)
            left -= len(result)
            results.append(result)
        self._session.commit()
        return f"[{','.join(results)}]"

    def lint(self, sql: str, schema: str | None) -> list[dict[str, Any]]:
        del schema
        return lint(self._session, sql)

    def _rows(self, query: Query, limit: int) -> str:
        sql = with_row_keys(query.sql)
        with self._session.rows(sql, self._sent(sql, query.parameters)) as (names, rows):
            return shown(names, rows, query.transformations, limit)

    def _sent(self, sql: str, parameters: Sequence[object]) -> list[object]:
        table = table_of(sql)
        blobs = {row["name"] for row in self._session.query(_BLOBS, [table])} if table and parameters else set[str]()
        columns = columns_of_parameters(sql, len(parameters)) if blobs else [None] * len(parameters)
        return [sent(value, is_blob=column in blobs) for value, column in zip(parameters, columns, strict=True)]
