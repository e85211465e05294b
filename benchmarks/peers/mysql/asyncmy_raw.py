"""asyncmy by hand: the limit that the others are compared with.

Written as who knows it and MariaDB well would write it: a statement for each table, `INSERT … RETURNING`, which MariaDB
has, a thousand rows in one statement. Its pool is in autocommit, so that what is one statement is one round trip.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncmy
from asyncmy.cursors import Cursor

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work


def columns(fields: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in fields)


USER = columns(w.USER_FIELDS)
BY_ID = f"SELECT {USER} FROM users WHERE id = %s"
BY_EMAIL = f"SELECT {USER} FROM users WHERE email = %s"
KEYS = f"SELECT {columns(w.KEY_FIELDS)} FROM api_keys WHERE userId = %s"
SUBSCRIPTIONS = f"SELECT {columns(w.SUBSCRIPTION_FIELDS)} FROM subscriptions WHERE userId = %s"
PAGE = f"SELECT {USER} FROM users WHERE role = 'USER' AND email > %s ORDER BY email LIMIT {w.PAGE}"
CREATE = f"INSERT INTO users (id, email, name, updatedAt) VALUES (%s, %s, %s, %s) RETURNING {USER}"
CREATE_KEY = f"INSERT INTO api_keys (id, `key`, name, userId) VALUES (%s, %s, %s, %s) RETURNING {columns(w.KEY_FIELDS)}"
CREATE_MANY = "INSERT INTO users (id, email, name, updatedAt) VALUES (%s, %s, %s, %s)"
UPDATE = "UPDATE users SET name = %s, updatedAt = %s WHERE id = %s"
GROUP = f"SELECT {USER} FROM users WHERE email > %s ORDER BY email LIMIT {w.GROUP}"
PROJECTS = f"SELECT {columns(w.PROJECT_FIELDS)} FROM projects WHERE userId IN %s"


async def open(url: str, connections: int) -> AsyncmyRaw:
    parts = urlsplit(url)
    pool = await asyncmy.create_pool(
        minsize=connections,
        maxsize=connections,
        host=parts.hostname,
        port=parts.port,
        user=parts.username,
        password=unquote(parts.password or ""),
        database=parts.path.removeprefix("/"),
        autocommit=True,
    )
    return AsyncmyRaw(pool)


class AsyncmyRaw:
    """A pool of connections."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.workloads: dict[str, Work] = {
            "W1": self.find,
            "W2": self.with_relations,
            "W3": self.page,
            "W4": self.create,
            "W5": self.create_with_key,
            "W6": self.create_many,
            "W7": self.update,
            "W8": self.group,
        }

    async def find(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            [user] = await rows(cursor, w.USER_FIELDS, BY_ID, w.user_id(index))
            return user

    async def with_relations(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            [user] = await rows(cursor, w.USER_FIELDS, BY_EMAIL, w.email(index))
            user["apiKeys"] = [key_of(row) for row in await rows(cursor, w.KEY_FIELDS, KEYS, user["id"])]
            user["subscriptions"] = [
                subscription_of(row) for row in await rows(cursor, w.SUBSCRIPTION_FIELDS, SUBSCRIPTIONS, user["id"])
            ]
            return user

    async def page(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            return await rows(cursor, w.USER_FIELDS, PAGE, w.page_start(index))

    async def create(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            values = (uuid.uuid4().hex, w.new_email(index), "New", stored(w.now()))
            [user] = await rows(cursor, w.USER_FIELDS, CREATE, *values)
            return user

    async def create_with_key(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            await connection.begin()
            values = (uuid.uuid4().hex, w.new_email(index), "New", stored(w.now()))
            [user] = await rows(cursor, w.USER_FIELDS, CREATE, *values)
            [key] = await rows(cursor, w.KEY_FIELDS, CREATE_KEY, uuid.uuid4().hex, f"z-{index}", "First", user["id"])
            await connection.commit()
            return user, key_of(key)

    async def create_many(self, index: int) -> int:
        now = stored(w.now())
        given = [(uuid.uuid4().hex, w.new_email(index, number), "New", now) for number in range(w.MANY)]
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            # One statement with all rows: the library writes it so.
            return await cursor.executemany(CREATE_MANY, given)

    async def update(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            await cursor.execute(UPDATE, (f"Changed {index}", stored(w.now()), w.user_id(index)))
            [user] = await rows(cursor, w.USER_FIELDS, BY_ID, w.user_id(index))
            return user

    async def group(self, index: int) -> Any:
        async with self.pool.acquire() as connection, connection.cursor() as cursor:
            users = await rows(cursor, w.USER_FIELDS, GROUP, w.group_start(index))
            by_user: dict[str, list[Any]] = {user["id"]: [] for user in users}
            for row in await rows(cursor, w.PROJECT_FIELDS, PROJECTS, tuple(by_user)):
                by_user[row["userId"]].append(project_of(row))
            for user in users:
                user["projects"] = by_user[user["id"]]
            return users

    def shown(self, answer: Any) -> Any:
        return answer

    async def close(self) -> None:
        self.pool.close()
        await self.pool.wait_closed()


async def rows(cursor: Cursor, names: tuple[str, ...], sql: str, *values: Any) -> list[dict[str, Any]]:
    await cursor.execute(sql, values)
    return [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]


def stored(moment: datetime) -> datetime:
    """Return a moment with as many digits as the column has."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def key_of(row: dict[str, Any]) -> dict[str, Any]:
    row["isActive"] = row["isActive"] != 0
    return row


def subscription_of(row: dict[str, Any]) -> dict[str, Any]:
    row["cancelAtPeriodEnd"] = row["cancelAtPeriodEnd"] != 0
    return row


def project_of(row: dict[str, Any]) -> dict[str, Any]:
    row["isActive"] = row["isActive"] != 0
    if row["settings"] is not None:
        row["settings"] = json.loads(row["settings"])
    return row
