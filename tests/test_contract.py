"""The contract with the TypeScript application: the catalog of a migrated database, against the tables written here.

The contract is written a second time on purpose, as data and from the agreement, not from `schema.prisma`: a change of
the schema that breaks the other side fails here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.url import parse_url


class Table(NamedTuple):
    """Columns as `name type[?][=default]`; unique keys and indexes by columns; foreign keys as `column -> table`."""

    columns: str
    unique: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    primary: str | None = "id"


TABLES = {
    "users": Table(
        "id text, email text, emailVerified time?, name text?, avatar text?, role Role=USER, createdAt time=now, "
        "updatedAt time",
        unique=("email",),
        indexed=("email",),
    ),
    "accounts": Table(
        "id text, userId text, type text, provider text, providerAccountId text, refresh_token text?, "
        "access_token text?, expires_at int?, token_type text?, scope text?, id_token text?, session_state text?",
        unique=("provider providerAccountId",),
        indexed=("userId",),
        foreign=("userId -> users",),
    ),
    "sessions": Table(
        "id text, sessionToken text, userId text, expires time",
        unique=("sessionToken",),
        indexed=("userId",),
        foreign=("userId -> users",),
    ),
    "verification_tokens": Table(
        "identifier text, token text, expires time", unique=("token", "identifier token"), primary=None
    ),
    "api_keys": Table(
        "id text, key text, name text, userId text, createdAt time=now, expiresAt time?, lastUsedAt time?, "
        "isActive bool=true, rateLimit int=1000",
        unique=("key",),
        indexed=("userId", "key"),
        foreign=("userId -> users",),
    ),
    "usage_metrics": Table(
        "id text, userId text, endpoint text, method text=GET, requests int=1, tokens int=0, embeddings int=0, "
        "cost numeric(10,6)=0, date time=now, metadata jsonb?",
        indexed=("userId date", "endpoint"),
        foreign=("userId -> users",),
    ),
    "subscriptions": Table(
        "id text, userId text, plan Plan, status SubscriptionStatus, stripeSubscriptionId text?, "
        "stripeCustomerId text?, currentPeriodStart time?, currentPeriodEnd time?, cancelAtPeriodEnd bool=false, "
        "createdAt time=now, updatedAt time",
        unique=("stripeSubscriptionId",),
        indexed=("userId", "stripeSubscriptionId"),
        foreign=("userId -> users",),
    ),
    "billing_info": Table(
        "id text, userId text, stripeCustomerId text?, addressLine1 text?, addressLine2 text?, city text?, "
        "state text?, postalCode text?, country text?, paymentMethodId text?, last4 text?, cardBrand text?, "
        "createdAt time=now, updatedAt time",
        unique=("userId", "stripeCustomerId"),
        indexed=("stripeCustomerId",),
        foreign=("userId -> users",),
    ),
    "invoices": Table(
        "id text, billingInfoId text, stripeInvoiceId text, amount numeric(10,2), currency text=usd, "
        "status InvoiceStatus, pdfUrl text?, periodStart time, periodEnd time, paidAt time?, dueDate time?, "
        "createdAt time=now",
        unique=("stripeInvoiceId",),
        indexed=("billingInfoId", "stripeInvoiceId"),
        foreign=("billingInfoId -> billing_info",),
    ),
    "credits": Table(
        "id text, userId text, amount numeric(10,2), type CreditType, description text?, reference text?, "
        "createdAt time=now",
        indexed=("userId createdAt", "type"),
        foreign=("userId -> users",),
    ),
    "projects": Table(
        "id text, name text, description text?, userId text, settings jsonb?, isActive bool=true, "
        "createdAt time=now, updatedAt time",
        indexed=("userId", "userId isActive"),
        foreign=("userId -> users",),
    ),
    "rate_limits": Table(
        "id text, identifier text, endpoint text, count int=0, resetAt time, createdAt time=now",
        unique=("identifier endpoint",),
        indexed=("identifier resetAt",),
    ),
}
ENUMS = {
    "Role": "USER ADMIN PREMIUM ENTERPRISE",
    "Plan": "FREE BASIC PRO ENTERPRISE",
    "SubscriptionStatus": "ACTIVE CANCELED PAST_DUE TRIALING INCOMPLETE INCOMPLETE_EXPIRED UNPAID",
    "InvoiceStatus": "DRAFT OPEN PAID VOID UNCOLLECTIBLE",
    "CreditType": "PURCHASE BONUS REFUND USAGE SUBSCRIPTION PROMOTIONAL",
}
TYPES = {
    "text": "text",
    "int": "integer",
    "bool": "boolean",
    "time": "timestamp(3) without time zone",
    "jsonb": "jsonb",
    "numeric(10,2)": "numeric(10,2)",
    "numeric(10,6)": "numeric(10,6)",
}
FOREIGN_KEY = "FOREIGN KEY ({column}) REFERENCES {table}(id) ON UPDATE CASCADE ON DELETE CASCADE"

# The catalog's words quote an identifier only where it has capitals or is a keyword.
READ_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum"""
# Without partial ones: Prisma does not see them, and so the service's own are partial.
READ_INDEXES = """
    SELECT tablename::text, regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX (\\S+) ON public\\.(\\S+)', '\\1\\2')
    FROM pg_indexes WHERE schemaname = 'public' AND indexdef NOT LIKE '% WHERE %'"""
READ_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"""
READ_ENUMS = """
    SELECT t.typname::text, string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname"""

pytestmark = pytest.mark.usefixtures("migrated")


async def catalog(url: str, sql: str) -> list[tuple[object, ...]]:
    """Return what the catalog says, without the table that belongs to Prisma's migrations."""
    pool = AsyncpgPool(parse_url(url))
    connection = await pool.acquire()
    rows = (await connection.query_raw(sql, [])).rows
    await pool.release(connection)
    await pool.close()
    return [tuple(row) for row in rows if row[0] != "_prisma_migrations"]


def quoted(name: str) -> str:
    return name if re.fullmatch("[a-z_]+", name) else f'"{name}"'


def listed(columns: str) -> str:
    return ", ".join(quoted(column) for column in columns.split())


def column(table: str, word: str) -> tuple[object, ...]:
    match = re.fullmatch(r"(\w+) ([^?=]+)(\?)?(?:=(.+))?", word)
    assert match is not None, word
    name, kind, optional, default = match.groups()
    return table, name, TYPES.get(kind) or quoted(kind), optional is None, default and default_of(kind, default)


def default_of(kind: str, word: str) -> str:
    if kind == "time":
        return "CURRENT_TIMESTAMP"
    if kind == "text":
        return f"'{word}'::text"
    return f"'{word}'::{quoted(kind)}" if kind in ENUMS else word


def indexes(name: str, table: Table) -> list[tuple[str, str]]:
    found = [(f"{name}_pkey", table.primary, "UNIQUE ")] if table.primary else []
    found += [(f"{name}_{columns.replace(' ', '_')}_key", columns, "UNIQUE ") for columns in table.unique]
    found += [(f"{name}_{columns.replace(' ', '_')}_idx", columns, "") for columns in table.indexed]
    return [(name, f"{unique}{quoted(key)} USING btree ({listed(columns)})") for key, columns, unique in found]


def constraints(name: str, table: Table) -> list[tuple[str, str, str]]:
    found = [(name, f"{name}_pkey", f"PRIMARY KEY ({table.primary})")] if table.primary else []
    for column_, parent in (key.split(" -> ") for key in table.foreign):
        definition = FOREIGN_KEY.format(column=quoted(column_), table=parent)
        found.append((name, f"{name}_{column_}_fkey", definition))
    return found


async def test_columns(migrated: str):
    expected = [column(name, word) for name in sorted(TABLES) for word in re.split(r", (?=\w+ )", TABLES[name].columns)]
    assert await catalog(migrated, READ_COLUMNS) == expected


async def test_keys_and_indexes(migrated: str):
    expected = [row for name, table in TABLES.items() for row in indexes(name, table)]
    assert sorted(await catalog(migrated, READ_INDEXES)) == sorted(expected)


async def test_constraints(migrated: str):
    expected = [row for name, table in TABLES.items() for row in constraints(name, table)]
    assert sorted(await catalog(migrated, READ_CONSTRAINTS)) == sorted(expected)


async def test_enums(migrated: str):
    assert sorted(await catalog(migrated, READ_ENUMS)) == sorted(ENUMS.items())
