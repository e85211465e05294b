"""Keys for the rows of tables without a primary key.

Studio tells rows apart by the primary key alone: of a table without one it shows a single row and changes none. Where
its question about the tables reads the primary keys, it gets for such a table the shortest unique index whose columns
are never null.
"""

from __future__ import annotations

from typing import Final

_PRIMARY_KEYS: Final = 'left join "pg_catalog"."pg_constraint" as "pk_con" on'
_ROW_KEYS: Final = """left join (
  select distinct on (indrelid)
    'p'::"char" as contype, indrelid as conrelid,
    (string_to_array(indkey::text, ' ')::int2[])[1:indnkeyatts] as conkey
  from pg_catalog.pg_index as keys
  where indisunique and indisvalid and (indisprimary or indimmediate) and indpred is null and indexprs is null
    and not exists (
      select from pg_catalog.pg_attribute
      where attrelid = indrelid and not attnotnull
        and attnum = any ((string_to_array(indkey::text, ' ')::int2[])[1:indnkeyatts])
    )
  order by indrelid, indisprimary desc, indnkeyatts, indexrelid
) as "pk_con" on"""


def with_row_keys(sql: str) -> str:
    """Return SQL of the page with the keys of rows in the place of the primary keys."""
    return sql.replace(_PRIMARY_KEYS, _ROW_KEYS)
