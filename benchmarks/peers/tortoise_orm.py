"""Tortoise over asyncpg: related rows by `prefetch_related`."""

from __future__ import annotations

import uuid
from typing import Any

from tortoise import Tortoise, fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work


def _id() -> str:
    return uuid.uuid4().hex


class User(Model):
    id = fields.TextField(primary_key=True, default=_id)
    email = fields.TextField()
    emailVerified = fields.DatetimeField(null=True)
    name = fields.TextField(null=True)
    avatar = fields.TextField(null=True)
    role = fields.TextField(default="USER")
    createdAt = fields.DatetimeField(default=w.now)
    updatedAt = fields.DatetimeField(default=w.now)

    class Meta(Model.Meta):
        table = "users"


class ApiKey(Model):
    id = fields.TextField(primary_key=True, default=_id)
    key = fields.TextField()
    name = fields.TextField()
    user: Any = fields.ForeignKeyField("models.User", related_name="apiKeys", source_field="userId")
    createdAt = fields.DatetimeField(default=w.now)
    expiresAt = fields.DatetimeField(null=True)
    lastUsedAt = fields.DatetimeField(null=True)
    isActive = fields.BooleanField(default=True)
    rateLimit = fields.IntField(default=1000)

    class Meta(Model.Meta):
        table = "api_keys"


class Subscription(Model):
    id = fields.TextField(primary_key=True, default=_id)
    user: Any = fields.ForeignKeyField("models.User", related_name="subscriptions", source_field="userId")
    plan = fields.TextField()
    status = fields.TextField()
    stripeSubscriptionId = fields.TextField(null=True)
    stripeCustomerId = fields.TextField(null=True)
    currentPeriodStart = fields.DatetimeField(null=True)
    currentPeriodEnd = fields.DatetimeField(null=True)
    cancelAtPeriodEnd = fields.BooleanField(default=False)
    createdAt = fields.DatetimeField(default=w.now)
    updatedAt = fields.DatetimeField(default=w.now)

    class Meta(Model.Meta):
        table = "subscriptions"


class Project(Model):
    id = fields.TextField(primary_key=True, default=_id)
    name = fields.TextField()
    description = fields.TextField(null=True)
    user: Any = fields.ForeignKeyField("models.User", related_name="projects", source_field="userId")
    settings: Any = fields.JSONField(null=True)
    isActive = fields.BooleanField(default=True)
    createdAt = fields.DatetimeField(default=w.now)
    updatedAt = fields.DatetimeField(default=w.now)

    class Meta(Model.Meta):
        table = "projects"


async def open(folder: str, connections: int) -> TortoiseOrm:
    credentials = {
        "host": folder,
        "port": 5432,
        "user": "postgres",
        "password": "",
        "database": "postgres",
        "minsize": connections,
        "maxsize": connections,
    }
    await Tortoise.init(
        config={
            "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}},
            "apps": {"models": {"models": [__name__], "default_connection": "default"}},
            "use_tz": False,
            "timezone": "UTC",
        }
    )
    return TortoiseOrm()


class TortoiseOrm:
    """Tortoise's models."""

    def __init__(self) -> None:
        self.workloads: dict[str, Work] = {
            "W1": lambda index: User.get_or_none(id=w.user_id(index)),
            "W2": lambda index: User.get(email=w.email(index)).prefetch_related("apiKeys", "subscriptions"),
            "W3": lambda index: User.filter(role="USER", email__gt=w.page_start(index)).order_by("email").limit(w.PAGE),
            "W4": lambda index: User.create(email=w.new_email(index), name="New"),
            "W5": self.create_with_key,
            "W6": self.create_many,
            "W7": self.update,
            "W8": lambda index: (
                User.filter(email__gt=w.group_start(index))
                .order_by("email")
                .limit(w.GROUP)
                .prefetch_related("projects")
            ),
        }

    async def create_with_key(self, index: int) -> Any:
        async with in_transaction() as connection:
            user = await User.create(email=w.new_email(index), name="New", using_db=connection)
            return user, await ApiKey.create(key=f"z-{index}", name="First", user_id=user.id, using_db=connection)

    async def create_many(self, index: int) -> int:
        rows = [User(email=w.new_email(index, number), name="New") for number in range(w.MANY)]
        await User.bulk_create(rows)
        return len(rows)

    async def update(self, index: int) -> Any:
        # Tortoise updates without an answer, so the record is read again.
        await User.filter(id=w.user_id(index)).update(name=f"Changed {index}", updatedAt=w.now())
        return await User.get(id=w.user_id(index))

    def shown(self, answer: Any) -> Any:
        if isinstance(answer, Model):
            columns = answer._meta.fields_db_projection
            values = {column: getattr(answer, name) for name, column in columns.items()}
            for name in answer._meta.backward_fk_fields:
                related = getattr(answer, name)
                if related._fetched:
                    values[name] = [self.shown(item) for item in related]
            return values
        return [self.shown(item) for item in answer] if isinstance(answer, list | tuple) else answer

    async def close(self) -> None:
        await Tortoise.close_connections()
