"""The dialect of MySQL and MariaDB."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from prisma.dialects.dialect import Dialect, Feature


class MysqlDialect(Dialect):
    """The texts of MySQL, which MariaDB takes as well."""

    def begin(self, isolation_level: str | None = None) -> str:
        """Return what opens a transaction; KeyError for a level that the database lacks."""
        if isolation_level is None:
            return "START TRANSACTION"
        # The level is that of the next transaction, so it comes before; both travel in one message.
        return f"SET TRANSACTION ISOLATION LEVEL {self.isolation_levels[isolation_level]}; START TRANSACTION"


MYSQL: Final = MysqlDialect(
    name="MySQL",
    compiler_module="query_compiler.mysql",
    compiler_word="mysql",
    # MySQL 8 can, MariaDB can't: the server's version says which it is.
    joins=False,
    chooses_joins=False,
    system="mysql",
    placeholder_form="?",
    # As many as a prepared statement may have; Prisma's own driver stays within the same number.
    bind_limit=65535,
    # A list without elements is a syntax error, and NULL in it would make NOT IN match nothing.
    empty_list="(SELECT NULL FROM DUAL WHERE 1=0)",
    json_list=None,
    is_file=False,
    has_replicas=False,
    has_arrays=False,
    has_booleans=False,
    has_typed_parameters=False,
    has_typed_columns=True,
    features=frozenset({Feature.FULL_TEXT, Feature.SKIP_DUPLICATES, Feature.JSON_ARRAYS, Feature.JSON_ORDER}),
    isolation_levels=MappingProxyType(
        {
            "ReadUncommitted": "READ UNCOMMITTED",
            "ReadCommitted": "READ COMMITTED",
            "RepeatableRead": "REPEATABLE READ",
            "Serializable": "SERIALIZABLE",
        }
    ),
    no_such_savepoint="1305",
)
