"""The dialect of PostgreSQL."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from prisma.dialects.dialect import Dialect, Feature

if TYPE_CHECKING:
    from collections.abc import Mapping


class PostgresDialect(Dialect):
    """The texts of PostgreSQL."""

    def begin(self, isolation_level: str | None = None) -> str:
        """Return what opens a transaction; KeyError for a level that the database lacks."""
        if isolation_level is None:
            return "BEGIN"
        # One statement for both, so that the level costs no round trip.
        return f"BEGIN ISOLATION LEVEL {self.isolation_levels[isolation_level]}"

    def local_settings(self, settings: Mapping[str, str]) -> str:
        """Return what sets configuration parameters until the end of the transaction."""
        calls = (f"set_config({_literal(name)}, {_literal(value)}, true)" for name, value in settings.items())
        return f"SELECT {', '.join(calls)}"

    def set_local(self, count: int) -> str:
        """Return the same for `count` settings as a statement whose parameters are their names and values."""
        # The server evaluates the row that it skips.
        calls = (f"set_config(${2 * place + 1}, ${2 * place + 2}, true)" for place in range(count))
        return f"SELECT {', '.join(calls)} OFFSET 1"

    def open_cursor(self, name: str, sql: str) -> str:
        """Return what opens a cursor for a statement; its parameters are those of the statement."""
        # Nothing reads backwards, which would cost the server a copy of the rows for some plans.
        return f"DECLARE {name} NO SCROLL CURSOR FOR {sql}"


def _literal(text: str) -> str:
    # A message of several statements takes no parameters. Hexadecimal digits can't end a literal, whatever the text is.
    return f"convert_from(decode('{text.encode().hex()}', 'hex'), 'UTF8')"


POSTGRESQL: Final = PostgresDialect(
    name="PostgreSQL",
    compiler_module="query_compiler.postgresql",
    compiler_word="postgres",
    joins=True,
    chooses_joins=True,
    system="postgresql",
    placeholder_form="$%d",
    # The protocol counts them in 16 bits; Prisma stays one below the signed half.
    bind_limit=32766,
    empty_list="(NULL)",
    json_list=None,
    is_file=False,
    has_replicas=True,
    has_arrays=True,
    has_booleans=True,
    has_typed_parameters=True,
    has_typed_columns=True,
    features=frozenset(Feature),
    isolation_levels=MappingProxyType(
        {
            "ReadUncommitted": "READ UNCOMMITTED",
            "ReadCommitted": "READ COMMITTED",
            "RepeatableRead": "REPEATABLE READ",
            "Serializable": "SERIALIZABLE",
        }
    ),
    no_such_savepoint="3B001",
)
