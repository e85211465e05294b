"""Keys for the rows of tables without a primary key, such as those of relations between many and many.

Studio tells rows apart by the primary key alone: of a table without one it shows a single row and changes none. Where
its question about the tables reads the primary keys, it gets for such a table the shortest unique index whose columns
are never null.
"""

from __future__ import annotations

from typing import Final

_PRIMARY_KEY: Final = '"txi"."pk",'
_ROW_KEY: Final = """(CASE WHEN (SELECT max(pk) FROM pragma_table_info("tl"."name")) > 0 THEN "txi"."pk" ELSE coalesce((
  SELECT keyed.seqno + 1 FROM pragma_index_info((
    SELECT il.name FROM pragma_index_list("tl"."name") AS il
    WHERE il."unique" AND NOT il.partial AND NOT EXISTS (
      SELECT 1 FROM pragma_index_info(il.name) AS each
      LEFT JOIN pragma_table_info("tl"."name") AS field ON field.name = each.name WHERE coalesce(field."notnull", 0) = 0
    )
    ORDER BY (SELECT count(*) FROM pragma_index_info(il.name)), il.name LIMIT 1
  )) AS keyed WHERE keyed.name = "txi"."name"), 0) END) AS "pk","""


def with_row_keys(sql: str) -> str:
    """Return SQL of the page with the keys of rows in the place of the primary keys."""
    return sql.replace(_PRIMARY_KEY, _ROW_KEY)
