# Made by tools/async_to_sync.py from client/_async/raw.py: change that file and run the tool.
"""Raw SQL: runs statements of the caller, through the hooks of extensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from prisma.client._sync.core import Core
from prisma.client._sync.hooks import through
from prisma.client.explain import failures
from prisma.client.extension import Operation
from prisma.client.raw_sql.rows import parameters, rows
from prisma.client.raw_sql.sql import Sql, statement
from prisma.client.records.annotations import complete
from prisma.drivers._sync.protocol import Connection
from prisma.drivers.results import RawRows
from prisma.fields import FROM_DATABASE


def query_raw(core: Core, query: str | Sql, args: Sequence[Any], model: type[BaseModel] | None = None) -> list[Any]:
    """Run SQL that returns rows, and return them as dictionaries or as instances of `model`."""
    text, values = statement(query, args, core.schema.provider)
    if model is not None:
        complete(model)
    if core.extensions is not None:
        return _hooked(core, "query_raw", text, values, model)

    def run(connection: Connection) -> RawRows:
        return connection.query_raw(text, parameters(values))

    with failures.translated(core.schema, raw=text):
        session = core.link.opened()
        # Rows may be no instances of the model, and then a transaction must not be committed.
        found = rows((session.query if model is None else session.use)(run), for_model=model is not None)
    return found if model is None else [model.model_validate(row, context=FROM_DATABASE) for row in found]


def execute_raw(core: Core, query: str | Sql, args: Sequence[Any]) -> int:
    """Run SQL for its effect, and return the number of affected rows."""
    text, values = statement(query, args, core.schema.provider)
    if core.extensions is not None:
        return _hooked(core, "execute_raw", text, values)

    def run(connection: Connection) -> int:
        return connection.execute_raw(text, parameters(values))

    with failures.translated(core.schema, raw=text):
        return (core.link.opened()).use(run)


def _hooked(core: Core, name: str, text: str, values: Sequence[Any], *model: type[BaseModel] | None) -> Any:
    """Run raw SQL through the hooks of the extensions."""
    # Without extensions, because a hook must not run for its own operation.
    plain = core.extended(None)
    run: Any = query_raw if name == "query_raw" else execute_raw
    operation = Operation(None, name, {"query": text, "args": tuple(values)}, core.client)
    hooks = core.extensions.hooks(None, name) if core.extensions is not None else ()

    def proceed(chosen: Mapping[str, Any]) -> Any:
        return run(plain, chosen["query"], chosen["args"], *model)

    return through(hooks, operation, proceed)
