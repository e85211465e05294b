"""FastAPI and asyncpg by hand, without any guarantee: the same routes, as one would write them for a demonstration."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

from benchmarks import workloads as w
from benchmarks.peers.asyncpg_raw import BY_ID, pool_of

_PROJECT = 'id, name, description, settings, "isActive", "createdAt", "updatedAt"'
LIST = f'SELECT {_PROJECT} FROM projects WHERE "userId" = $1 ORDER BY "createdAt" DESC, id DESC LIMIT 20'
CREATE = f"""
INSERT INTO projects (id, name, "userId", "updatedAt") VALUES ($1, $2, $3, $4) RETURNING {_PROJECT}
"""


class UserOut(BaseModel):
    """A user."""

    id: str
    email: str
    emailVerified: datetime | None
    name: str | None
    avatar: str | None
    role: str
    createdAt: datetime
    updatedAt: datetime


class ProjectIn(BaseModel):
    """A new project."""

    name: str


class ProjectOut(BaseModel):
    """A project."""

    id: str
    name: str
    description: str | None
    settings: Any
    isActive: bool
    createdAt: datetime
    updatedAt: datetime


class PageOut(BaseModel):
    """The projects that were made last."""

    items: list[ProjectOut]


def create_app() -> FastAPI:
    """Return the application: a factory for uvicorn. It believes the header `X-User`."""
    app = FastAPI(lifespan=_lifespan)

    @app.get("/api/v1/users/{id}")
    async def read_user(request: Request, id: str) -> UserOut:  # pyright: ignore[reportUnusedFunction]
        row = await request.state.pool.fetchrow(BY_ID, request.headers["x-user"] if id == "me" else id)
        if row is None:
            raise HTTPException(404)
        return UserOut(**_aware(row))

    @app.get("/api/v1/projects")
    async def list_projects(request: Request) -> PageOut:  # pyright: ignore[reportUnusedFunction]
        rows = await request.state.pool.fetch(LIST, request.headers["x-user"])
        return PageOut(items=[ProjectOut(**_aware(row)) for row in rows])

    @app.post("/api/v1/projects", status_code=201)
    async def create_project(request: Request, body: ProjectIn) -> ProjectOut:  # pyright: ignore[reportUnusedFunction]
        row = await request.state.pool.fetchrow(CREATE, uuid.uuid4().hex, body.name, request.headers["x-user"], w.now())
        return ProjectOut(**_aware(row))

    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
    async with pool_of(os.environ["DATABASE_SOCKET"], int(os.environ["DATABASE_POOL_SIZE"])) as pool:
        yield {"pool": pool}


def _aware(row: Any) -> dict[str, Any]:
    return {
        name: value.replace(tzinfo=UTC)
        if isinstance(value, datetime)
        else json.loads(value)
        if name == "settings" and value is not None
        else value
        for name, value in row.items()
    }
