"""Reads the schema that a database has, as `prisma db pull` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.migrate.engine_databases import existing_database
from prisma.migrate.engine_session import explained
from prisma.migrate.faults import translated
from prisma.schema.parser import format
from prisma.schema.restoration import restored
from prisma.schema_engine import SchemaEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.schema_engine.answers import Introspection


def introspect(
    files: Sequence[tuple[str, str]],
    url: str,
    *,
    folder: str,
    force: bool = False,
    namespaces: Sequence[str] | None = None,
) -> Introspection:
    """Return a schema, pairs of path and text, as the database behind `url` has it; nothing is written.

    Names, documentation and the order of models stay, and URLs, `metrics` and defaults of Bytes fields as they are
    written.

    Args:
        folder: where new files belong, if the schema has several.
        force: keep only the datasource and the generators.
        namespaces: the database's schemas, instead of those that the datasource names.

    Raises:
        SchemaEngineError: P4001 the database is empty, P1012 the schema is wrong, and what else the engine refused.
        DataError: the database can't be reached, refuses the login, or does not exist (P1003).
    """
    with translated(connecting=True), explained(), existing_database(url) as database, SchemaEngine(database) as engine:
        answer = engine.introspect(files, folder=folder, force=force, namespaces=namespaces)
    return answer.__replace__(files=tuple(format(restored(files, answer.files))))
