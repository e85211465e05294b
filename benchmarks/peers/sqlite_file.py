"""Libraries on one file of SQLite: a user by id, and a page of users, each library in the style of its documentation.

The table `users` has moments as Prisma stores them, in milliseconds; `users_as_text` has the same rows with the texts
that SQLAlchemy and Tortoise store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiosqlite
from sqlalchemy import Enum, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from tortoise import Tortoise, fields
from tortoise.models import Model

COLUMNS: Final = ("id", "email", "name", "role", "isActive", "createdAt", "updatedAt")
PAGE: Final = 100

_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM users"
_BY_ID: Final = f"{_SELECT} WHERE id = ?"
_PAGE: Final = f"{_SELECT} WHERE role = ? AND email > ? ORDER BY email LIMIT ?"


class Peer(NamedTuple):
    """A library: how it finds the user of an id, and the users of a role after an e-mail address."""

    find: Callable[[str], Any]
    page: Callable[[str], Any]


class AsyncPeer(NamedTuple):
    """A library for asyncio."""

    find: Callable[[str], Awaitable[Any]]
    page: Callable[[str], Awaitable[Any]]


def _record(row: Any) -> dict[str, Any]:
    id, email, name, role, is_active, created, updated = row
    return {
        "id": id,
        "email": email,
        "name": name,
        "role": role,
        "isActive": bool(is_active),
        "createdAt": datetime.fromtimestamp(created / 1000, UTC),
        "updatedAt": datetime.fromtimestamp(updated / 1000, UTC),
    }


@contextmanager
def sqlite3_by_hand(path: Path) -> Iterator[Peer]:
    db = sqlite3.connect(path, isolation_level=None)
    yield Peer(
        lambda id: _record(db.execute(_BY_ID, (id,)).fetchone()),
        lambda email: [_record(row) for row in db.execute(_PAGE, ("USER", email, PAGE)).fetchall()],
    )
    db.close()


@asynccontextmanager
async def aiosqlite_by_hand(path: Path) -> AsyncIterator[AsyncPeer]:
    """A cursor for each statement, as in its documentation: it goes to the thread three times."""
    async with aiosqlite.connect(path, isolation_level=None) as db:

        async def find(id: str) -> Any:
            async with db.execute(_BY_ID, (id,)) as cursor:
                return _record(await cursor.fetchone())

        async def page(email: str) -> Any:
            async with db.execute(_PAGE, ("USER", email, PAGE)) as cursor:
                return [_record(row) for row in await cursor.fetchall()]

        yield AsyncPeer(find, page)


@asynccontextmanager
async def aiosqlite_at_once(path: Path) -> AsyncIterator[AsyncPeer]:
    """Its shortest way: one task for the thread does it all."""
    async with aiosqlite.connect(path, isolation_level=None) as db:

        async def find(id: str) -> Any:
            (row,) = await db.execute_fetchall(_BY_ID, (id,))
            return _record(row)

        async def page(email: str) -> Any:
            return [_record(row) for row in await db.execute_fetchall(_PAGE, ("USER", email, PAGE))]

        yield AsyncPeer(find, page)


def _calls(client: Any) -> tuple[Callable[[str], Any], Callable[[str], Any]]:
    users = client.user
    return (
        lambda id: users.find_unique({"id": id}),
        lambda email: users.find_many(
            where={"role": "USER", "email": {"gt": email}}, order={"email": "asc"}, take=PAGE
        ),
    )


@contextmanager
def prisma_for_threads(package: Any, path: Path) -> Iterator[Peer]:
    """The client of this repository, for threads."""
    with package.Prisma(datasource={"url": f"file:{path}"}, use_dotenv=False) as client:
        yield Peer(*_calls(client))


@asynccontextmanager
async def prisma_for_asyncio(package: Any, path: Path) -> AsyncIterator[AsyncPeer]:
    """The client of this repository, for asyncio."""
    async with package.Prisma(datasource={"url": f"file:{path}"}, use_dotenv=False) as client:
        yield AsyncPeer(*_calls(client))


class TortoiseUser(Model):
    id = fields.CharField(primary_key=True, max_length=40)
    email = fields.TextField()
    name = fields.TextField(null=True)
    role = fields.TextField()
    isActive = fields.BooleanField()
    createdAt = fields.DatetimeField()
    updatedAt = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "users_as_text"


@asynccontextmanager
async def tortoise(path: Path) -> AsyncIterator[AsyncPeer]:
    await Tortoise.init(
        config={
            "connections": {"default": {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": str(path)}}},
            "apps": {"models": {"models": [__name__], "default_connection": "default"}},
            "use_tz": False,
            "timezone": "UTC",
        }
    )

    async def page(email: str) -> Any:
        return await TortoiseUser.filter(role="USER", email__gt=email).order_by("email").limit(PAGE)

    yield AsyncPeer(lambda id: TortoiseUser.get(id=id), page)
    await Tortoise.close_connections()


class Base(DeclarativeBase):
    pass


class SqlalchemyUser(Base):
    __tablename__ = "users_as_text"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str | None]
    role: Mapped[str] = mapped_column(Enum("USER", "ADMIN"))
    isActive: Mapped[bool]
    createdAt: Mapped[datetime]
    updatedAt: Mapped[datetime]


@asynccontextmanager
async def sqlalchemy(path: Path) -> AsyncIterator[AsyncPeer]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def find(id: str) -> Any:
        async with sessions() as session:
            return await session.get(SqlalchemyUser, id)

    async def page(email: str) -> Any:
        statement = (
            select(SqlalchemyUser)
            .where(SqlalchemyUser.role == "USER", SqlalchemyUser.email > email)
            .order_by(SqlalchemyUser.email)
            .limit(PAGE)
        )
        async with sessions() as session:
            return (await session.execute(statement)).scalars().all()

    yield AsyncPeer(find, page)
    await engine.dispose()


def plain(answer: Any) -> Any:
    """Return an answer of any library as dictionaries, with moments in UTC."""
    if isinstance(answer, list | tuple):
        return [plain(each) for each in answer]
    values = answer if isinstance(answer, dict) else {name: getattr(answer, name) for name in COLUMNS}
    return {name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in values.items()}
