"""The rights on the service's own tables, which are in the schema `service` and not in Prisma's contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.database.isolation import ROLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma import Prisma

# Not to_regclass(), which fails for users who may not use the schema.
_LOOK = """
SELECT bool_and(has_schema_privilege(role, nspname, 'USAGE')
  AND has_table_privilege(role, pg_class.oid, needed)) AS usable
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, (
  SELECT current_user::text AS role, unnest($2::text[]) AS needed
  UNION ALL SELECT rolname::text, unnest($3::text[]) FROM pg_roles WHERE rolname = $4
) AS wanted
WHERE nspname = 'service' AND relname = $1
"""


async def is_usable(db: Prisma, table: str, *, own: Sequence[str], tenants: Sequence[str]) -> bool:
    """Tell whether a table of the schema `service` exists, and this database user and tenants have these rights on it.

    Where no tenants' role exists, isolation is off, and only this user's rights count.
    """
    found = await db.query_first(_LOOK, table, list(own), list(tenants), ROLE)
    return found is not None and bool(found["usable"])
