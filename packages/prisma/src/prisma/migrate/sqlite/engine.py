"""The schema engine on a file of SQLite."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prisma.drivers.sqlite.schema_engine import FileDatabase
from prisma.migrate.engine_session import explained
from prisma.migrate.faults import translated
from prisma.migrate.sqlite.objects import create_file
from prisma.schema_engine import SchemaEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from prisma.drivers.sqlite.file_url import FileOptions


@contextmanager
def open_file_engine(
    options: FileOptions, files: Sequence[tuple[str, str]], on_create: Callable[[], object] | None = None
) -> Generator[SchemaEngine]:
    """Yield an engine on a database file, which is made if it does not exist; shadow databases are in memory.

    `on_create` is called if the file was made.

    Raises:
        EngineConnectionError: the file can't be opened, or others keep it locked.
        SchemaEngineError: the engine refused a call in the block.
    """
    with translated(connecting=True), explained():
        if create_file(options) and on_create is not None:
            on_create()
        with FileDatabase(options) as file, SchemaEngine(file, files) as engine:
            yield engine
