"""Prisma's own JavaScript runtime, as the TypeScript application uses it, can't spend more credits than there are."""

from __future__ import annotations

import asyncio
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from prisma.migrate import deploy
from servers.nodejs import Node

from .conftest import ORACLE, Oracle

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[4]
CLIENTS, TURNS, GIVEN = 4, 4, 10
ADA = f"""
    INSERT INTO users (id, email, "updatedAt") VALUES ('ada', 'ada@example.com', now());
    INSERT INTO credits (id, "userId", amount, type) VALUES ('given', 'ada', {GIVEN}, 'BONUS');
"""
LEFT = "SELECT sum(amount)::int, (SELECT balance::int FROM service.credit_balances) FROM credits"
SUM: dict[str, Any] = {
    "modelName": "Credit",
    "action": "aggregate",
    "query": {
        "arguments": {"where": {"userId": "ada"}},
        "selection": {"_sum": {"arguments": {}, "selection": {"amount": True}}},
    },
}
ONE_LESS = {"userId": "ada", "amount": {"$type": "Decimal", "value": "-1"}, "type": "USAGE"}
SPEND: dict[str, Any] = {
    "modelName": "Credit",
    "action": "createOne",
    "query": {"arguments": {"data": ONE_LESS}, "selection": {"id": True}},
}
REFUSAL = {"code": "P2039", "message": "Database error. Code: `23514`. Message: `insufficient credits`"}


@pytest.fixture
def credited(server: Any) -> Iterator[str]:
    """The name of a database of the service in which Ada has credits."""
    name = f"spends_{uuid.uuid4().hex[:12]}"
    server.create_database(name)
    asyncio.run(deploy(ROOT / "migrations", server.url(name)))
    server.run(f'\\connect "{name}"\n{ADA}')
    yield name
    server.drop_database(name)


async def test_racing_spends_leave_no_debt(server: Any, credited: str, node: Node, oracle_modules: Path):
    arguments = (
        ORACLE / "oracle.mjs",
        oracle_modules,
        ROOT / "schema.prisma",
        "postgresql",
        server.socket_folder,
        credited,
    )
    clients = [
        Oracle(
            await asyncio.create_subprocess_exec(
                node.program,
                "--no-deprecation",
                *map(str, arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        for _ in range(CLIENTS)
    ]
    seen: list[str] = []
    answers: list[Any] = []
    for _ in range(TURNS):
        # All read before one of them spends, as programs do that know no lock.
        sums = await asyncio.gather(*(client.ask(SUM, atomic=False) for client in clients))
        seen += {found["result"]["_sum"]["amount"]["value"] for found in sums}
        answers += await asyncio.gather(*(client.ask(SPEND, atomic=True) for client in clients))
    for client in clients:
        await client.stop()
    with psycopg.connect(server.url(credited)) as connection:
        left = connection.execute(LEFT).fetchone()
    refused = [answer["error"] for answer in answers if "error" in answer]
    assert (seen, left) == (["10.00", "6.00", "2.00", "0.00"], (0, 0))
    assert refused == [REFUSAL] * (CLIENTS * TURNS - GIVEN)
