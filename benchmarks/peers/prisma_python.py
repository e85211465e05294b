"""The client of this repository, generated from the service's schema."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from benchmarks import workloads as w
from benchmarks.peers.protocol import Work
from prisma import Prisma
from prisma.enums import Role


async def open(folder: str, connections: int) -> PrismaPython:
    return await connected(Prisma, folder, connections)


async def connected(client: type[Prisma], folder: str, connections: int) -> PrismaPython:
    """Return a peer over the driver of a client's class."""
    url = f"postgresql://postgres@localhost/postgres?host={quote(folder, safe='')}&connection_limit={connections}"
    db = client(datasource={"url": url}, use_dotenv=False)
    await db.connect()
    return PrismaPython(db)


class PrismaPython:
    """A connected client."""

    def __init__(self, db: Prisma) -> None:
        self.db = db
        user = db.user
        self.workloads: dict[str, Work] = {
            "W1": lambda index: user.find_unique({"id": w.user_id(index)}),
            "W2": lambda index: user.find_unique(
                {"email": w.email(index)}, include={"apiKeys": True, "subscriptions": True}
            ),
            "W3": lambda index: user.find_many(
                where={"role": Role.USER, "email": {"gt": w.page_start(index)}}, order={"email": "asc"}, take=w.PAGE
            ),
            "W4": lambda index: user.create({"email": w.new_email(index), "name": "New"}),
            "W5": self.create_with_key,
            "W6": lambda index: user.create_many(
                [{"email": w.new_email(index, number), "name": "New"} for number in range(w.MANY)]
            ),
            "W7": lambda index: user.update({"name": f"Changed {index}"}, {"id": w.user_id(index)}),
            "W8": lambda index: user.find_many(
                where={"email": {"gt": w.group_start(index)}},
                order={"email": "asc"},
                take=w.GROUP,
                include={"projects": True},
            ),
        }

    async def create_with_key(self, index: int) -> Any:
        async with self.db.tx() as tx:
            user = await tx.user.create({"email": w.new_email(index), "name": "New"})
            key = await tx.apikey.create({"key": f"z-{index}", "name": "First", "userId": user.id})
            return user, key

    def shown(self, answer: Any) -> Any:
        if isinstance(answer, BaseModel):
            return {name: self.shown(value) for name, value in answer if name in answer.model_fields_set}
        return [self.shown(item) for item in answer] if isinstance(answer, list | tuple) else answer

    async def close(self) -> None:
        await self.db.disconnect()
