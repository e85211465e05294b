"""A bare FastAPI route on asyncpg that answers with a user, as one would write it for this alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path
from pydantic import BaseModel

from benchmarks import workloads as w
from benchmarks.peers import asyncpg_raw
from benchmarks.peers.asgi import request
from benchmarks.peers.protocol import Work

PATH = "/api/v1/users/"


class UserOut(BaseModel):
    """The body of the answer."""

    id: str
    email: str
    emailVerified: datetime | None
    name: str | None
    avatar: str | None
    role: str
    createdAt: datetime
    updatedAt: datetime


async def open(folder: str, connections: int) -> HttpBare:
    raw = await asyncpg_raw.open(folder, connections)
    app = FastAPI()

    @app.get(PATH + "{id}")
    async def read_user(id: Annotated[str, Path(max_length=64)]) -> UserOut:  # pyright: ignore[reportUnusedFunction]
        row = await raw.pool.fetchrow(asyncpg_raw.BY_ID, id)
        if row is None:
            raise HTTPException(404)
        return UserOut(**{name: _aware(value) for name, value in row.items()})

    return HttpBare(app, raw)


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


class HttpBare:
    """The application with its pool."""

    def __init__(self, app: FastAPI, raw: asyncpg_raw.AsyncpgRaw) -> None:
        self.raw = raw
        self.workloads: dict[str, Work] = {"HTTP": lambda index: request(app, PATH + w.user_id(index), (), {})}

    def shown(self, answer: Any) -> Any:
        return answer

    async def close(self) -> None:
        await self.raw.close()
