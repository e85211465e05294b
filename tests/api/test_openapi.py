"""The service against its own OpenAPI document: requests that Schemathesis makes of it, valid and not.

No answer may be an error of ours, or one that the document does not announce: by status, media type, headers and shape.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from app.auth.keys import stored
from prisma import Prisma
from tests.conftest import application, serving

pytestmark = pytest.mark.long

ID = "known"  # of a user, and of a record of each kind, which is theirs
CALLERS = {"root": "ADMIN", ID: "USER"}


async def fill(db: Prisma) -> None:
    """Make the records that requests find, whatever became of them before."""
    await db.user.delete_many()
    for id, role in CALLERS.items():
        await db.user.create(data={"id": id, "email": f"{id}@example.com", "role": role})  # type: ignore[typeddict-item]
        await db.apikey.create(data={"key": stored(f"key-{id}"), "name": "k", "userId": id, "id": f"key-{id}"})
    statements = (
        """INSERT INTO api_keys (id, key, name, "userId") VALUES ($1, 'other', 'k', $1)""",
        """INSERT INTO accounts (id, "userId", type, provider, "providerAccountId")
           VALUES ($1, $1, 'o', 'p', '1')""",
        """INSERT INTO sessions (id, "sessionToken", "userId", expires) VALUES ($1, 't', $1, now() + '1 day')""",
        """INSERT INTO projects (id, name, "userId", "updatedAt") VALUES ($1, 'p', $1, now())""",
        """INSERT INTO usage_metrics (id, "userId", endpoint) VALUES ($1, $1, '/v1')""",
        """INSERT INTO credits (id, "userId", amount, type) VALUES ($1, $1, 99999999, 'BONUS')""",
        """INSERT INTO subscriptions (id, "userId", plan, status, "updatedAt")
           VALUES ($1, $1, 'PRO', 'ACTIVE', now())""",
        """INSERT INTO billing_info (id, "userId", "updatedAt") VALUES ($1, $1, now())""",
        """INSERT INTO invoices (id, "billingInfoId", "stripeInvoiceId", amount, status, "periodStart", "periodEnd")
           VALUES ($1, $1, 'in_1', 1, 'OPEN', now(), now())""",
        """INSERT INTO rate_limits (id, identifier, endpoint, "resetAt")
           VALUES ($1, 'user:' || $1, 'api', now() + '1 day') ON CONFLICT DO NOTHING""",
    )
    for statement in statements:
        await db.execute_raw(statement, ID)


def test_no_answer_is_an_error_of_ours_or_undeclared(migrated: str):
    # Here, because importing Schemathesis takes seconds, and every process imports every module of tests.
    from tests.explorer import Explorer, GenerationMode, operations

    app = application(migrated)
    with asyncio.Runner() as runner, ExitStack() as stack:
        db = Prisma(datasource={"url": migrated})
        runner.run(db.connect())
        stack.callback(lambda: runner.run(db.disconnect()))
        service = serving(app)
        explorer = Explorer(runner, runner.run(service.__aenter__()), ID)
        stack.callback(lambda: runner.run(service.__aexit__(None, None, None)))
        found = operations(app.openapi())
        for operation in found:
            for mode in GenerationMode:
                runner.run(fill(db))
                explorer.explore(operation, mode)
    assert explorer.failures == []
    # What is only ever refused shows little.
    assert len(explorer.succeeded) > 0.8 * len(found)
