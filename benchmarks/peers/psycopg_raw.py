"""psycopg by hand, for asyncio: its pool, statements prepared at once, the same SQL as for asyncpg.

Arrays of composites come as text from psycopg, so related rows are read by statements of their own, on one connection.
"""

from __future__ import annotations

import uuid
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work

USER = w.columns(w.USER_FIELDS)
BY_ID = f'SELECT {USER} FROM "users" WHERE "id" = %s'
BY_EMAIL = f'SELECT {USER} FROM "users" WHERE "email" = %s'
KEYS = f'SELECT {w.columns(w.KEY_FIELDS)} FROM "api_keys" WHERE "userId" = %s'
SUBSCRIPTIONS = f'SELECT {w.columns(w.SUBSCRIPTION_FIELDS)} FROM "subscriptions" WHERE "userId" = %s'
PAGE = f"""SELECT {USER} FROM "users" WHERE "role" = 'USER' AND "email" > %s ORDER BY "email" LIMIT {w.PAGE}"""
CREATE = f'INSERT INTO "users" ("id", "email", "name", "updatedAt") VALUES (%s, %s, %s, %s) RETURNING {USER}'
CREATE_KEY = f"""
INSERT INTO "api_keys" ("id", "key", "name", "userId") VALUES (%s, %s, %s, %s) RETURNING {w.columns(w.KEY_FIELDS)}
"""
CREATE_MANY = """
INSERT INTO "users" ("id", "email", "name", "updatedAt")
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamp[])
"""
UPDATE = f'UPDATE "users" SET "name" = %s, "updatedAt" = %s WHERE "id" = %s RETURNING {USER}'
GROUP = f'SELECT {USER} FROM "users" WHERE "email" > %s ORDER BY "email" LIMIT {w.GROUP}'
PROJECTS = f'SELECT {w.columns(w.PROJECT_FIELDS)} FROM "projects" WHERE "userId" = ANY(%s)'


async def open(folder: str, connections: int) -> PsycopgRaw:
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        f"host={folder} user=postgres dbname=postgres",
        min_size=connections,
        max_size=connections,
        kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": 0},
        open=False,
    )
    await pool.open(wait=True)
    return PsycopgRaw(pool)


class PsycopgRaw:
    """psycopg's pool and statements."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self.pool = pool
        self.workloads: dict[str, Work] = {
            "W1": lambda index: self.one(BY_ID, w.user_id(index)),
            "W2": self.with_relations,
            "W3": lambda index: self.many(PAGE, w.page_start(index)),
            "W4": lambda index: self.one(CREATE, uuid.uuid4().hex, w.new_email(index), "New", w.now()),
            "W5": self.create_with_key,
            "W6": self.create_many,
            "W7": lambda index: self.one(UPDATE, f"Changed {index}", w.now(), w.user_id(index)),
            "W8": self.group,
        }

    async def one(self, sql: Any, *values: object) -> Any:
        async with self.pool.connection() as connection:
            return await (await connection.execute(sql, values)).fetchone()

    async def many(self, sql: Any, *values: object) -> Any:
        async with self.pool.connection() as connection:
            return await (await connection.execute(sql, values)).fetchall()

    async def with_relations(self, index: int) -> Any:
        async with self.pool.connection() as connection:
            user: Any = await (await connection.execute(_sql(BY_EMAIL), [w.email(index)])).fetchone()
            keys = await (await connection.execute(_sql(KEYS), [user["id"]])).fetchall()
            subscriptions = await (await connection.execute(_sql(SUBSCRIPTIONS), [user["id"]])).fetchall()
            return {**user, "apiKeys": keys, "subscriptions": subscriptions}

    async def create_with_key(self, index: int) -> Any:
        async with self.pool.connection() as connection, connection.transaction():
            values = [uuid.uuid4().hex, w.new_email(index), "New", w.now()]
            user: Any = await (await connection.execute(_sql(CREATE), values)).fetchone()
            values = [uuid.uuid4().hex, f"z-{index}", "First", user["id"]]
            return user, await (await connection.execute(_sql(CREATE_KEY), values)).fetchone()

    async def create_many(self, index: int) -> int:
        numbers = range(w.MANY)
        values = [
            [uuid.uuid4().hex for _ in numbers],
            [w.new_email(index, number) for number in numbers],
            ["New"] * w.MANY,
            [w.now()] * w.MANY,
        ]
        async with self.pool.connection() as connection:
            return (await connection.execute(_sql(CREATE_MANY), values)).rowcount

    async def group(self, index: int) -> Any:
        async with self.pool.connection() as connection:
            users = await (await connection.execute(_sql(GROUP), [w.group_start(index)])).fetchall()
            found: dict[str, Any] = {user["id"]: {**user, "projects": []} for user in users}
            for project in await (await connection.execute(_sql(PROJECTS), [list(found)])).fetchall():
                found[project["userId"]]["projects"].append(project)
            return list(found.values())

    def shown(self, answer: Any) -> Any:
        return answer

    async def close(self) -> None:
        await self.pool.close()


def _sql(text: str) -> Any:
    # psycopg's types ask for literal text.
    return text
