"""SQLAlchemy's ORM for asyncio, over asyncpg: a session for each call, related rows by `selectinload`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Enum, ForeignKey, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work

_role = Enum("USER", "ADMIN", "PREMIUM", "ENTERPRISE", name="Role")
_plan = Enum("FREE", "BASIC", "PRO", "ENTERPRISE", name="Plan")
_status = Enum(
    "ACTIVE",
    "CANCELED",
    "PAST_DUE",
    "TRIALING",
    "INCOMPLETE",
    "INCOMPLETE_EXPIRED",
    "UNPAID",
    name="SubscriptionStatus",
)


def _id() -> str:
    return uuid.uuid4().hex


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime()}  # noqa: RUF012 - SQLAlchemy's own form


class User(Base):
    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    email: Mapped[str]
    emailVerified: Mapped[datetime | None]
    name: Mapped[str | None]
    avatar: Mapped[str | None]
    role: Mapped[str] = mapped_column(_role, server_default="USER")
    createdAt: Mapped[datetime] = mapped_column(server_default=func.now())
    updatedAt: Mapped[datetime] = mapped_column(default=w.now, onupdate=w.now)
    apiKeys: Mapped[list[ApiKey]] = relationship()
    subscriptions: Mapped[list[Subscription]] = relationship()
    projects: Mapped[list[Project]] = relationship()


class ApiKey(Base):
    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    key: Mapped[str]
    name: Mapped[str]
    userId: Mapped[str] = mapped_column(ForeignKey("users.id"))
    createdAt: Mapped[datetime] = mapped_column(server_default=func.now())
    expiresAt: Mapped[datetime | None]
    lastUsedAt: Mapped[datetime | None]
    isActive: Mapped[bool] = mapped_column(server_default="true")
    rateLimit: Mapped[int] = mapped_column(server_default="1000")


class Subscription(Base):
    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    userId: Mapped[str] = mapped_column(ForeignKey("users.id"))
    plan: Mapped[str] = mapped_column(_plan)
    status: Mapped[str] = mapped_column(_status)
    stripeSubscriptionId: Mapped[str | None]
    stripeCustomerId: Mapped[str | None]
    currentPeriodStart: Mapped[datetime | None]
    currentPeriodEnd: Mapped[datetime | None]
    cancelAtPeriodEnd: Mapped[bool] = mapped_column(server_default="false")
    createdAt: Mapped[datetime] = mapped_column(server_default=func.now())
    updatedAt: Mapped[datetime] = mapped_column(default=w.now)


class Project(Base):
    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(primary_key=True, default=_id)
    name: Mapped[str]
    description: Mapped[str | None]
    userId: Mapped[str] = mapped_column(ForeignKey("users.id"))
    settings: Mapped[Any | None] = mapped_column(JSONB)
    isActive: Mapped[bool] = mapped_column(server_default="true")
    createdAt: Mapped[datetime] = mapped_column(server_default=func.now())
    updatedAt: Mapped[datetime] = mapped_column(default=w.now)


async def open(folder: str, connections: int) -> SqlalchemyOrm:
    # The server's reset of a session that SQLAlchemy does by rolling back.
    engine = create_async_engine(
        "postgresql+asyncpg://postgres@/postgres",
        connect_args={"host": folder},
        pool_size=connections,
        max_overflow=0,
    )
    return SqlalchemyOrm(engine)


class SqlalchemyOrm:
    """An engine and its sessions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.session = async_sessionmaker(engine, expire_on_commit=False)
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
        async with self.session() as session:
            return await session.get(User, w.user_id(index))

    async def with_relations(self, index: int) -> Any:
        statement = (
            select(User)
            .where(User.email == w.email(index))
            .options(selectinload(User.apiKeys), selectinload(User.subscriptions))
        )
        async with self.session() as session:
            return (await session.execute(statement)).scalar_one()

    async def page(self, index: int) -> Any:
        statement = (
            select(User).where(User.role == "USER", User.email > w.page_start(index)).order_by(User.email).limit(w.PAGE)
        )
        async with self.session() as session:
            return (await session.execute(statement)).scalars().all()

    async def create(self, index: int) -> Any:
        statement = insert(User).values(email=w.new_email(index), name="New").returning(User)
        async with self.session() as session, session.begin():
            return (await session.execute(statement)).scalar_one()

    async def create_with_key(self, index: int) -> Any:
        async with self.session() as session, session.begin():
            statement = insert(User).values(email=w.new_email(index), name="New").returning(User)
            user = (await session.execute(statement)).scalar_one()
            values = {"key": f"z-{index}", "name": "First", "userId": user.id}
            return user, (await session.execute(insert(ApiKey).values(**values).returning(ApiKey))).scalar_one()

    async def create_many(self, index: int) -> int:
        rows = [{"email": w.new_email(index, number), "name": "New"} for number in range(w.MANY)]
        async with self.session() as session, session.begin():
            await session.execute(insert(User), rows)
            return len(rows)

    async def update(self, index: int) -> Any:
        statement = update(User).where(User.id == w.user_id(index)).values(name=f"Changed {index}").returning(User)
        async with self.session() as session, session.begin():
            return (await session.execute(statement)).scalar_one()

    async def group(self, index: int) -> Any:
        statement = (
            select(User)
            .where(User.email > w.group_start(index))
            .order_by(User.email)
            .limit(w.GROUP)
            .options(selectinload(User.projects))
        )
        async with self.session() as session:
            return (await session.execute(statement)).scalars().all()

    def shown(self, answer: Any) -> Any:
        if isinstance(answer, Base):
            loaded = vars(answer)
            return {name: self.shown(value) for name, value in loaded.items() if not name.startswith("_")}
        return [self.shown(item) for item in answer] if isinstance(answer, list | tuple) else answer

    async def close(self) -> None:
        await self.engine.dispose()
