"""Piccolo over asyncpg: objects, related rows by a statement for each relation."""

from __future__ import annotations

import uuid
import warnings
from typing import Any

from piccolo.columns import JSON, Boolean, Integer, Text, Timestamp
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work

with warnings.catch_warnings():
    # The engine asks at once for the server's version, before it is known where that is.
    warnings.simplefilter("ignore")
    DB = PostgresEngine(config={"user": "postgres", "database": "postgres"}, extensions=())


def _id() -> str:
    return uuid.uuid4().hex


class User(Table, tablename="users", db=DB):
    id = Text(primary_key=True, default=_id)
    email = Text()
    emailVerified = Timestamp(null=True, default=None)
    name = Text(null=True, default=None)
    avatar = Text(null=True, default=None)
    role = Text(default="USER")
    createdAt = Timestamp(default=w.now)
    updatedAt = Timestamp(default=w.now)


class ApiKey(Table, tablename="api_keys", db=DB):
    id = Text(primary_key=True, default=_id)
    key = Text()
    name = Text()
    userId = Text()
    createdAt = Timestamp(default=w.now)
    expiresAt = Timestamp(null=True, default=None)
    lastUsedAt = Timestamp(null=True, default=None)
    isActive = Boolean(default=True)
    rateLimit = Integer(default=1000)


class Subscription(Table, tablename="subscriptions", db=DB):
    id = Text(primary_key=True, default=_id)
    userId = Text()
    plan = Text()
    status = Text()
    stripeSubscriptionId = Text(null=True, default=None)
    stripeCustomerId = Text(null=True, default=None)
    currentPeriodStart = Timestamp(null=True, default=None)
    currentPeriodEnd = Timestamp(null=True, default=None)
    cancelAtPeriodEnd = Boolean(default=False)
    createdAt = Timestamp(default=w.now)
    updatedAt = Timestamp(default=w.now)


class Project(Table, tablename="projects", db=DB):
    id = Text(primary_key=True, default=_id)
    name = Text()
    description = Text(null=True, default=None)
    userId = Text()
    settings = JSON(null=True, default=None)
    isActive = Boolean(default=True)
    createdAt = Timestamp(default=w.now)
    updatedAt = Timestamp(default=w.now)


async def open(folder: str, connections: int) -> PiccoloOrm:
    DB.config["host"] = folder
    await DB.start_connection_pool(min_size=connections, max_size=connections)
    return PiccoloOrm()


class PiccoloOrm:
    """Piccolo's tables."""

    def __init__(self) -> None:
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
        return await User.objects().where(User.id == w.user_id(index)).first()

    async def with_relations(self, index: int) -> Any:
        user: Any = await User.objects().where(User.email == w.email(index)).first()
        keys = await ApiKey.objects().where(ApiKey.userId == user.id)
        subscriptions = await Subscription.objects().where(Subscription.userId == user.id)
        return user, {"apiKeys": keys, "subscriptions": subscriptions}

    async def page(self, index: int) -> Any:
        found = User.objects().where(User.role == "USER", User.email > w.page_start(index))
        return await found.order_by(User.email).limit(w.PAGE)

    async def create(self, index: int) -> Any:
        user = User(email=w.new_email(index), name="New")
        await user.save()
        return user

    async def create_with_key(self, index: int) -> Any:
        async with DB.transaction():
            user = User(email=w.new_email(index), name="New")
            await user.save()
            key = ApiKey(key=f"z-{index}", name="First", userId=user.id)
            await key.save()
            return [user, key]

    async def create_many(self, index: int) -> int:
        rows = [User(email=w.new_email(index, number), name="New") for number in range(w.MANY)]
        await User.insert(*rows)
        return len(rows)

    async def update(self, index: int) -> Any:
        changed = {User.name: f"Changed {index}", User.updatedAt: w.now()}
        rows = await User.update(changed).where(User.id == w.user_id(index)).returning(*User.all_columns())
        return rows[0]

    async def group(self, index: int) -> Any:
        users: Any = await User.objects().where(User.email > w.group_start(index)).order_by(User.email).limit(w.GROUP)
        projects: dict[str, list[Project]] = {user.id: [] for user in users}
        for project in await Project.objects().where(Project.userId.is_in(list(projects))):
            projects[project.userId].append(project)
        return [(user, {"projects": projects[user.id]}) for user in users]

    def shown(self, answer: Any) -> Any:
        if isinstance(answer, Table):
            return answer.to_dict()
        if isinstance(answer, tuple):
            record, related = answer
            return {**record.to_dict(), **{name: self.shown(rows) for name, rows in related.items()}}
        return [self.shown(item) for item in answer] if isinstance(answer, list) else answer

    async def close(self) -> None:
        await DB.close_connection_pool()
