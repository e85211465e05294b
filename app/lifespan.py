"""The life of the application: what is connected while it serves."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypedDict

from app.configuration import check_configuration
from app.db import create_client
from app.fatal import FatalError
from app.isolation import Isolation, find_isolation
from app.metrics.database import DatabaseMetrics, measured

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI

    from app.settings import Settings
    from app.tracing import TracerProvider
    from prisma import Prisma

log = logging.getLogger(__name__)

# No request is left by then: this is for connections whose server has gone silent.
DISCONNECT_TIMEOUT = 2.0  # seconds


class State(TypedDict):
    """What every request finds in `request.state`."""

    db: Prisma
    isolation: Isolation
    metrics: DatabaseMetrics


def lifespan(
    settings: Settings, tracing: TracerProvider | None = None
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """Return the lifespan of an application with these settings: one client, connected from start to shutdown."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncGenerator[State]:
        url = check_configuration(settings).pooled
        if url is None:
            raise FatalError("There is no database to serve.", "Set DATABASE_URL, or start with: python -m app")
        db = create_client(url.text(), settings.environment, tracing or False)
        await db.connect()
        try:
            isolation = await find_isolation(db)
            if not isolation.on:
                log.warning("Tenant isolation in the database is off. %s", isolation.problem)
            async with measured(db) as metrics:
                yield {"db": db, "isolation": isolation, "metrics": metrics}
        finally:
            await db.disconnect(timeout=DISCONNECT_TIMEOUT)

    return run
