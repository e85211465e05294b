"""The check whether the database keeps tenants apart and, if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prisma import Prisma

ROLE = "ainative_tenant"
TABLES = (
    "users",
    "accounts",
    "sessions",
    "api_keys",
    "usage_metrics",
    "subscriptions",
    "billing_info",
    "invoices",
    "credits",
    "projects",
)
SCRIPT = "migrations/20261130100000_isolation/migration.sql"

# pg_has_role knows the privilege SET, which is the one in question, from version 16 on.
_LOOK = """
    SELECT current_user::text AS "user",
        role.oid IS NOT NULL AS present,
        COALESCE(role.rolsuper OR role.rolbypassrls, false) AS unrestricted,
        COALESCE(pg_has_role(current_user, role.oid, CASE
            WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END), false) AS usable,
        (SELECT count(*) FROM unnest($2::text[]) AS name
            JOIN pg_class ON pg_class.oid = to_regclass(quote_ident(name)) AND relrowsecurity)::int AS protected,
        COALESCE(row_security_active(to_regclass('users')::oid), false) AND NOT EXISTS (
            SELECT FROM pg_policy, unnest(polroles) AS granted
            WHERE polrelid = to_regclass('users') AND polname = 'as_granted'
                AND (granted = 0 OR pg_has_role(current_user, granted, 'USAGE'))) AS restricted
    FROM (SELECT $1::text AS name) AS wanted LEFT JOIN pg_roles AS role ON role.rolname = wanted.name
"""

# Roles with rights on a table of tenants that no policy is for: what they got after the migration, no policy knows.
_BLIND = """
    SELECT DISTINCT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END AS name
    FROM unnest($2::text[]) AS wanted
    JOIN pg_class ON pg_class.oid = to_regclass(quote_ident(wanted)) AND relrowsecurity,
    aclexplode(relacl)
    LEFT JOIN pg_roles AS role ON role.oid = grantee
    WHERE grantee <> relowner AND role.rolname IS DISTINCT FROM $1
        AND NOT COALESCE(role.rolsuper OR role.rolbypassrls OR pg_has_role(grantee, relowner, 'USAGE'), false)
        AND NOT EXISTS (
            SELECT FROM pg_policy, unnest(polroles) AS granted
            WHERE polrelid = pg_class.oid AND polname = 'as_granted'
                AND (granted = 0 OR (grantee <> 0 AND pg_has_role(grantee, granted, 'USAGE'))))
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Isolation:
    """Whether transactions take on the role `ainative_tenant`; `problem` says what is wrong and what to do, or None."""

    on: bool
    problem: str | None = None


async def find_isolation(db: Prisma) -> Isolation:
    """Check whether the database keeps tenants apart for this database user."""
    found = await db.query_first(_LOOK, ROLE, list(TABLES))
    problem = _problem(found or {})
    return Isolation(on=problem is None, problem=problem)


async def find_blind_roles(db: Prisma) -> list[str]:
    """Return the roles that may read tables of tenants and see no rows, as they got the right after the migration."""
    return [row["name"] for row in await db.query_raw(_BLIND, ROLE, list(TABLES))]


def blindness(roles: list[str]) -> str:
    """Return the warning about such roles, with what to do."""
    names = ", ".join(f'"{name}"' for name in roles)
    return f"Roles of the database see no rows: {names}. Run {SCRIPT} again as the tables' owner."


def _problem(found: dict[str, Any]) -> str | None:
    if not found["present"] or found["protected"] < len(TABLES):
        return f"Have a user who may create roles run: CREATE ROLE {ROLE} NOLOGIN; then run {SCRIPT} again."
    if found["unrestricted"]:
        return f"The role {ROLE} is not restricted. Run: ALTER ROLE {ROLE} NOSUPERUSER NOBYPASSRLS;"
    if not found["usable"]:
        return f'The database user may not become {ROLE}. Run: GRANT {ROLE} TO "{found["user"]}";'
    if found["restricted"]:
        return f'The database user "{found["user"]}" does not see all rows. Run {SCRIPT} again as the tables\' owner.'
    return None
