"""asyncpg by hand: the limit that the others are compared with.

Written as who knows asyncpg well would write it: one statement for each question, prepared once by asyncpg's own cache;
related rows as an array of their table's rows, which asyncpg decodes in C with times as times; a thousand rows as
arrays. Its pool resets nothing, because nothing here changes a session.

Other ways were measured beside it: W2 took 1.3 times as long with JSON that the server makes and Python parses, 1.7
times with three statements; W8 as long with two statements; W6 0.92 times as long with COPY, 1.6 with `executemany`.
"""

from __future__ import annotations

import uuid
from typing import Any

import asyncpg

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work

USER = w.columns(w.USER_FIELDS)
BY_ID = f'SELECT {USER} FROM "users" WHERE "id" = $1'
WITH_RELATIONS = f"""
SELECT {USER},
       ARRAY(SELECT k FROM "api_keys" k WHERE "userId" = u."id") AS "apiKeys",
       ARRAY(SELECT s FROM "subscriptions" s WHERE "userId" = u."id") AS "subscriptions"
FROM "users" u WHERE "email" = $1
"""
PAGE = f"""SELECT {USER} FROM "users" WHERE "role" = 'USER' AND "email" > $1 ORDER BY "email" LIMIT {w.PAGE}"""
CREATE = f'INSERT INTO "users" ("id", "email", "name", "updatedAt") VALUES ($1, $2, $3, $4) RETURNING {USER}'
CREATE_KEY = f"""
INSERT INTO "api_keys" ("id", "key", "name", "userId") VALUES ($1, $2, $3, $4) RETURNING {w.columns(w.KEY_FIELDS)}
"""
CREATE_MANY = """
INSERT INTO "users" ("id", "email", "name", "updatedAt")
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamp[])
"""
UPDATE = f'UPDATE "users" SET "name" = $1, "updatedAt" = $2 WHERE "id" = $3 RETURNING {USER}'
GROUP = f"""
SELECT {USER},
       ARRAY(SELECT p FROM "projects" p WHERE "userId" = u."id") AS "projects"
FROM "users" u WHERE "email" > $1 ORDER BY "email" LIMIT {w.GROUP}
"""


class _Connection(asyncpg.Connection):
    """A connection that its pool lends again as it is."""

    __slots__ = ()

    async def reset(self, *, timeout: float | None = None) -> None:
        pass


def pool_of(folder: str, connections: int) -> Any:
    """Return a pool, to be awaited or used as a context manager; `folder` has the server's socket."""
    return asyncpg.create_pool(
        host=folder,
        user="postgres",
        database="postgres",
        min_size=connections,
        max_size=connections,
        connection_class=_Connection,
        max_inactive_connection_lifetime=0,
    )


async def open(folder: str, connections: int) -> AsyncpgRaw:
    return AsyncpgRaw(await pool_of(folder, connections))


class AsyncpgRaw:
    """asyncpg's pool and statements."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.workloads: dict[str, Work] = {
            "W1": lambda index: pool.fetchrow(BY_ID, w.user_id(index)),
            "W2": lambda index: pool.fetchrow(WITH_RELATIONS, w.email(index)),
            "W3": lambda index: pool.fetch(PAGE, w.page_start(index)),
            "W4": lambda index: pool.fetchrow(CREATE, uuid.uuid4().hex, w.new_email(index), "New", w.now()),
            "W5": self.create_with_key,
            "W6": self.create_many,
            "W7": lambda index: pool.fetchrow(UPDATE, f"Changed {index}", w.now(), w.user_id(index)),
            "W8": lambda index: pool.fetch(GROUP, w.group_start(index)),
        }

    async def create_with_key(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.transaction():
            user = await connection.fetchrow(CREATE, uuid.uuid4().hex, w.new_email(index), "New", w.now())
            key = await connection.fetchrow(CREATE_KEY, uuid.uuid4().hex, f"z-{index}", "First", user["id"])
            return user, key

    async def create_many(self, index: int) -> int:
        moment = w.now()
        status = await self.pool.execute(
            CREATE_MANY,
            [uuid.uuid4().hex for _ in range(w.MANY)],
            [w.new_email(index, number) for number in range(w.MANY)],
            ["New"] * w.MANY,
            [moment] * w.MANY,
        )
        return int(status.rpartition(" ")[2])

    def shown(self, answer: Any) -> Any:
        if isinstance(answer, asyncpg.Record):
            return {name: self.shown(value) for name, value in answer.items()}
        return [self.shown(item) for item in answer] if isinstance(answer, list | tuple) else answer

    async def close(self) -> None:
        await self.pool.close()
