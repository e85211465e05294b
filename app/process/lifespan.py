"""The lifespan of the application: its client and its background tasks, from start to shutdown."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypedDict

from app.api.api_keys.restrictions import RESTRICTIONS_MISSING, can_store_restrictions
from app.api.credits.queries import can_read_balances
from app.config.check import check_configuration
from app.database.client import create_client
from app.database.expiry import EXPIRED_RATE_LIMITS, EXPIRED_SESSIONS, EXPIRED_TOKENS, periodic_expiry
from app.database.isolation import Isolation, blindness, find_blind_roles, find_isolation
from app.errors import FatalError
from app.health.check import HealthCheck
from app.idempotency.stored_responses import EXPIRED_RESPONSES, TABLE_MISSING, can_store_responses
from app.telemetry.metrics.database import DatabaseMetrics, measured, pool_size
from app.tenancy.fair_share import FairShare
from app.tenancy.replica_reads import ReplicaReads

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI

    from app.config.settings import Settings
    from app.telemetry.tracing import TracerProvider
    from prisma import Prisma

log = logging.getLogger(__name__)

# No request is left then: the time is for connections whose server does not answer.
DISCONNECT_TIMEOUT = 2.0  # seconds


class State(TypedDict):
    """The values in `request.state` of every request."""

    db: Prisma
    isolation: Isolation
    metrics: DatabaseMetrics
    stores_responses: bool
    stores_restrictions: bool
    keeps_balances: bool
    health: HealthCheck
    share: FairShare
    replica_reads: ReplicaReads | None


def lifespan(
    settings: Settings, tracing: TracerProvider | None = None
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """Return the lifespan of an application with these settings: one client, connected from start to shutdown."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncGenerator[State]:
        configuration = check_configuration(settings)
        if configuration.pooled is None:
            raise FatalError("There is no database to serve.", "Set DATABASE_URL, or start with: python -m app")
        replicas, max_lag = [url.text() for url in configuration.replicas], settings.max_replica_lag
        client = create_client(
            configuration.pooled.text(), settings.environment, tracing or False, replicas=replicas, max_lag=max_lag
        )
        db = client.primary() if replicas else client
        await db.connect()
        try:
            isolation = await find_isolation(db)
            if not isolation.on:
                log.warning("Tenant isolation in the database is off. %s", isolation.problem)
            if blind := await find_blind_roles(db):
                log.warning("%s", blindness(blind))
            stores_responses = await can_store_responses(db)
            if not stores_responses:
                log.warning("Requests with an Idempotency-Key are refused. %s", TABLE_MISSING)
            stores_restrictions = await can_store_restrictions(db)
            if not stores_restrictions:
                log.warning("Owners of API keys may undo what an ADMIN restricts. %s", RESTRICTIONS_MISSING)
            expired = (EXPIRED_RATE_LIMITS, EXPIRED_SESSIONS, EXPIRED_TOKENS)
            if stores_responses:
                expired = (*expired, EXPIRED_RESPONSES)
            async with measured(db) as metrics, periodic_expiry(db, expired):
                yield {
                    "db": db,
                    "isolation": isolation,
                    "metrics": metrics,
                    "stores_responses": stores_responses,
                    "stores_restrictions": stores_restrictions,
                    "keeps_balances": await can_read_balances(db),
                    "health": HealthCheck(db),
                    "share": FairShare(await pool_size(db)),
                    "replica_reads": ReplicaReads(client, max_lag) if replicas else None,
                }
        finally:
            await db.disconnect(timeout=DISCONNECT_TIMEOUT)

    return run
