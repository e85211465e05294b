"""The dialect of SQLite."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from prisma.dialects.dialect import Dialect, Feature, TimestampFormat

if TYPE_CHECKING:
    pass


class SqliteDialect(Dialect):
    """The texts of SQLite."""

    def begin(self, isolation_level: str | None = None) -> str:
        """Return what opens a transaction; KeyError for a level that the database lacks."""
        if isolation_level is not None:
            _ = self.isolation_levels[isolation_level]
        # A transaction that reads first and writes later can't wait for another writer: SQLite refuses it at once.
        return "BEGIN IMMEDIATE"

    def begin_to_read(self) -> str:
        """Return what opens a transaction that only reads: it does not take the writer's place."""
        return "BEGIN"


SQLITE: Final = SqliteDialect(
    name="SQLite",
    compiler_module="query_compiler.sqlite",
    compiler_word="sqlite",
    joins=False,
    chooses_joins=False,
    system="sqlite",
    placeholder_form="?",
    # SQLite's own default; a build may take more.
    bind_limit=32766,
    # SQLite takes a list without elements.
    empty_list="()",
    # The sign takes the affinity away: the column's own counts, as with parameters.
    json_list="(SELECT +value FROM json_each({}))",
    is_file=True,
    has_replicas=False,
    has_arrays=False,
    has_booleans=False,
    has_typed_parameters=False,
    has_typed_columns=False,
    features=frozenset({Feature.RETURNING}),
    isolation_levels=MappingProxyType({"Serializable": "SERIALIZABLE"}),
    no_such_savepoint="SQLITE_ERROR",
    timestamp_format=TimestampFormat.MILLISECONDS,
)
