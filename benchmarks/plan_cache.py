"""`python -m benchmarks.plan_cache`: how often the service's traffic finds its plan in the cache.

The traffic is what the service's routes are asked for, in a fixed random order: lists of every length, single users
with and without relations, new and changed users, health and statistics.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from dataclasses import replace
from typing import Any

from httpx import ASGITransport, AsyncClient

from benchmarks.database import ROOT, Database, prepared

RELATIONS = ("projects", "apiKeys", "subscriptions", "credits", "billingInfo")


async def replay(database: Database, requests: int) -> tuple[int, int]:
    """Return how many plans were found in the cache, and how many had to be compiled."""
    from app.config.settings import Environment, load_settings
    from app.main import create_app

    settings = replace(load_settings({}, ROOT), environment=Environment.TEST, database_url=database.url)
    app = create_app(settings)
    dice = random.Random(5)
    async with app.router.lifespan_context(app) as state:
        db: Any = dict(state or {})["db"]

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        async with AsyncClient(transport=ASGITransport(with_state), base_url="http://service") as http:
            http.headers["X-API-Key"] = await _admin_key(db)
            for index in range(requests):
                await _request(http, dice, index, database.users)
        plans: Any = db._core.link.plans
        return plans.hits, plans.misses


async def _admin_key(db: Any) -> str:
    from app.auth.keys import new_key, stored

    key = new_key()
    await db.user.create(data={"id": "root", "email": "root@example.com", "role": "ADMIN"})
    await db.apikey.create(data={"userId": "root", "name": "Benchmark", "key": stored(key)})
    return key


async def _request(http: AsyncClient, dice: random.Random, index: int, users: int) -> None:
    user = f"/api/v1/users/user-{dice.randrange(users)}"
    match dice.randrange(10):
        case 0:
            await http.get("/api/health")
        case 1:
            await http.get("/api/stats")
        case 2 | 3:
            await http.get("/api/v1/users", params={"take": dice.randrange(1, 50)})
        case 4:
            await http.get("/api/v1/users", params={"fields": "id,email", "take": dice.randrange(1, 20)})
        case 5:
            await http.get(user, params={"include": ",".join(dice.sample(RELATIONS, dice.randrange(1, 3)))})
        case 6:
            await http.post("/api/v1/users", json={"email": f"new-{index}@example.com", "name": "New"})
        case 7:
            await http.patch(user, json={dice.choice(("name", "avatar")): "https://example.com/x.png"})
        case _:
            await http.get(user)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan_cache", description=__doc__)
    parser.add_argument("--requests", type=int, default=5_000)
    options = parser.parse_args()
    with prepared(users=200) as database:
        hits, misses = asyncio.run(replay(database, options.requests))
    print(f"{options.requests} requests   {hits} hits   {misses} misses   {hits / (hits + misses):.2%}")


if __name__ == "__main__":
    main()
