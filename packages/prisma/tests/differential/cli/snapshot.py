"""Describes a database by its catalog, in lines that do not depend on the order in which things were made."""

from __future__ import annotations

from typing import Any, Final

_PARTS: Final = """
SELECT format('%s %s.%s', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END,
    n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm') AND {ours}
UNION ALL
SELECT format('column %s.%s.%s %s%s%s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
    ' IDENTITY ' || nullif(a.attidentity::text, ''))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND {ours}
UNION ALL
SELECT format('constraint %s.%s.%s %s', n.nspname, c.relname, o.conname, pg_get_constraintdef(o.oid))
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE o.contype IN ('p', 'f', 'u', 'c', 'x') AND {ours}
UNION ALL
SELECT format('index %s', pg_get_indexdef(i.indexrelid))
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisprimary AND {ours}
UNION ALL
SELECT format('enum %s.%s %s', n.nspname, t.typname,
    (SELECT string_agg(e.enumlabel, ' | ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {ours}
UNION ALL
SELECT format('sequence %s.%s %s', n.nspname, c.relname, format_type(s.seqtypid, NULL))
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {ours}
UNION ALL
SELECT format('extension %s', extname) FROM pg_extension
""".format(ours="n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'")


def snapshot(connection: Any) -> list[str]:
    """Return a line for each table, column, constraint, index, enum, sequence and extension."""
    rows = connection.execute(f'SELECT * FROM ({_PARTS}) AS parts (line) ORDER BY line COLLATE "C"').fetchall()
    return [line for (line,) in rows]
