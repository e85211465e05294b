"""The client of the process, and the queries about the database as a whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel

from app.config.settings import Environment
from prisma import Prisma

log = logging.getLogger(__name__)

# The health route must answer within 2 s, and an answer is kept for one second.
CHECK_TIMEOUT = 0.9


class DatabaseStats(BaseModel):
    """How many rows the main tables hold; the names are those of the TypeScript application."""

    users: int
    apiKeys: int
    subscriptions: int
    projects: int


class Replicas(BaseModel):
    """How many of the replicas may answer reads, as found when each was asked last: with the reads, not at rest."""

    usable: int
    total: int


def create_client(
    url: str, environment: Environment, tracing: Any = False, *, replicas: Sequence[str] = (), max_lag: float = 1.0
) -> Prisma:
    """Return a client, not connected yet; in development it logs every query, otherwise only failures.

    `tracing` is a TracerProvider of OpenTelemetry for its spans. `replicas` are URLs of servers which may answer reads,
    as long as they are at most `max_lag` seconds behind; the log says when one is left out.
    """
    development = environment is Environment.DEVELOPMENT
    return Prisma(
        datasource={"url": url},
        log=["query", "warn", "error"] if development else ["warn", "error"] if replicas else ["error"],
        tracing=tracing,
        use_dotenv=False,
        replicas=replicas,
        max_replica_lag=max_lag,
    )


async def client_of(request: Request) -> Prisma:
    """Return the client that the application connected when it started."""
    return request.state.db


Database = Annotated[Prisma, Depends(client_of)]


async def check_database_connection(db: Prisma, *, timeout: float = CHECK_TIMEOUT) -> bool:
    """Run `SELECT 1` and tell whether it succeeded within `timeout` seconds; never raises."""
    query = asyncio.ensure_future(db.query_raw("SELECT 1"))
    try:
        # Not wait_for, which also waits for the cancelled query: that takes long if the server does not answer.
        await asyncio.wait([query], timeout=timeout)
    finally:
        query.add_done_callback(_log_failure)
        query.cancel()  # does nothing to a query that has ended
    return query.done() and not query.cancelled() and query.exception() is None


async def count_replicas(db: Prisma) -> Replicas:
    """Count the replicas of a client, from what it knows of them."""
    metrics = await db.get_metrics()
    usable = [metric.value for metric in metrics.gauges if metric.key == "prisma_replica_usable"]
    return Replicas(usable=int(sum(usable)), total=len(usable))


async def get_database_stats(db: Prisma) -> DatabaseStats:
    """Count users, API keys, subscriptions and projects."""
    users, api_keys, subscriptions, projects = await asyncio.gather(
        db.user.count(), db.apikey.count(), db.subscription.count(), db.project.count()
    )
    return DatabaseStats(users=users, apiKeys=api_keys, subscriptions=subscriptions, projects=projects)


def _log_failure(query: asyncio.Future[Any]) -> None:
    if query.cancelled():
        log.warning("The database did not answer in time.")
    elif (error := query.exception()) is not None:
        log.warning("The database can't be used: %s", error)
