"""SQLAlchemy's ORM over asyncmy, with the models and the calls of its peer on PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import workloads as w
from benchmarks.peers.sqlalchemy_orm import SqlalchemyOrm, User


async def open(url: str, connections: int) -> MysqlOrm:
    place = url.replace("mysql://", "mysql+asyncmy://", 1)
    return MysqlOrm(create_async_engine(place, pool_size=connections, max_overflow=0))


class MysqlOrm(SqlalchemyOrm):
    """The calls that MariaDB takes, which has no `UPDATE … RETURNING`."""

    async def update(self, index: int) -> Any:
        async with self.session() as session, session.begin():
            user = await session.get(User, w.user_id(index))
            assert user is not None
            user.name = f"Changed {index}"
        return user
