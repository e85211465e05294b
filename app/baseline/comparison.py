"""Compares the tables of a database with those that a migration makes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prisma import Prisma

_SCHEMA = "service_baseline"  # for the migration's own tables, until the rollback
_TIMEOUT = timedelta(minutes=1)

_PLACE = "SELECT current_schema()::text AS name"
_USE_SCHEMA = "SELECT set_config('search_path', $1, true)"
# A script has several statements, which only PL/pgSQL takes at once. As a setting, it is a value and no SQL text.
_GIVE_SCRIPT = "SELECT set_config('service.script', $1, true)"
_RUN_SCRIPT = "DO $$ BEGIN EXECUTE current_setting('service.script'); END $$"

# One line for each fact, with names as the search path shows them, so that two schemas can be compared.
_FACTS = """
    SELECT 'enum ' || quote_ident(t.typname) AS thing, string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder) AS fact
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = $1::regnamespace GROUP BY t.typname
    UNION ALL
    SELECT 'column ' || c.relname || '.' || a.attname,
        format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'constraint ' || c.relname || '.' || o.conname, pg_get_constraintdef(o.oid, true)
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE c.relnamespace = $1::regnamespace AND o.contype <> 'n'
    UNION ALL
    SELECT 'index ' || c.relname || '.' || i.relname, pg_get_indexdef(i.oid, 0, true)
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE c.relnamespace = $1::regnamespace
"""


class _Compared(Exception):
    """Ends the transaction of a comparison, so that nothing of it stays."""


async def differences(db: Prisma, script: str) -> list[str]:
    """Return how the database differs from what a migration's script makes; tables that it does not make are ignored.

    The script runs in a schema of its own, in a transaction that is rolled back.
    """
    found: list[str] = []
    try:
        async with db.tx(timeout=_TIMEOUT) as tx:
            (place,) = await tx.query_raw(_PLACE)
            theirs = await _facts(tx, place["name"])
            await tx.execute_raw(f"CREATE SCHEMA {_SCHEMA}")
            await tx.query_raw(_USE_SCHEMA, _SCHEMA)
            await tx.query_raw(_GIVE_SCRIPT, script)
            await tx.execute_raw(_RUN_SCRIPT)
            found = _compare(theirs, await _facts(tx, _SCHEMA))
            raise _Compared
    except _Compared:
        return found


async def _facts(tx: Prisma, schema: str) -> dict[str, str]:
    return {row["thing"]: row["fact"] for row in await tx.query_raw(_FACTS, schema)}


def _compare(theirs: dict[str, str], wanted: dict[str, str]) -> list[str]:
    lines = [
        f"{thing}: is {theirs.get(thing, 'not there')}, must be {fact}"
        for thing, fact in wanted.items()
        if theirs.get(thing) != fact
    ]
    tables = {_table(thing) for thing in wanted if not thing.startswith("enum ")}
    # An index more changes no answer, unless it refuses rows; others can break what one of the applications writes.
    lines += [
        f"{thing}: is {fact}, must not be there"
        for thing, fact in theirs.items()
        if thing not in wanted and _table(thing) in tables and not fact.startswith("CREATE INDEX")
    ]
    return sorted(lines)


def _table(thing: str) -> str:
    return thing.partition(" ")[2].partition(".")[0]
