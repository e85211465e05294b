"""`python -m benchmarks.memory`: what 100,000 distinct query shapes leave behind in memory.

Every shape is compiled, run and forgotten again: the cache keeps the last 1,000, and the compiler's instance is
replaced when it has grown. The figures to look at are the resident set with 1,000 plans, less that of a client without
any, and its growth after the first 2,000 shapes. With `--mixed` the shapes are those of an application's traffic: most
of them have relations.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
from collections.abc import Iterator
from typing import Any, Final

import psutil

from benchmarks.database import Database, prepared

WARM_UP = 2_000  # shapes: fills the cache twice, so that what is measured after is growth and not filling


_CURVE: Final = frozenset({100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000})


def shapes() -> Iterator[dict[str, Any]]:
    """Yield arguments of find_many that differ in shape: which fields, which filters, in which order."""
    fields = ("id", "email", "name", "avatar")
    filters = ("equals", "not", "contains", "startswith", "endswith", "gt", "lt", "gte", "lte", "in", "not_in")
    for depth in itertools.count(1):
        for chosen in itertools.product(itertools.product(fields, filters), repeat=depth):
            conditions = [{field: {name: ["x"] if name.endswith("in") else "x"}} for field, name in chosen]
            for order in (None, {"id": "asc"}, {"email": "desc"}):
                yield {"where": {"AND": conditions}, "order": order}


def mixed_shapes() -> Iterator[dict[str, Any]]:
    """Yield arguments of find_many with different filters, orders, pages, and up to three relations."""
    dice = random.Random(1)
    fields = ("id", "email", "name", "avatar")
    filters = ("equals", "not", "contains", "startswith", "endswith")
    relations = ("projects", "apiKeys", "subscriptions", "credits", "billingInfo", "accounts", "sessions")
    seen: set[str] = set()
    while True:
        chosen = dice.sample(fields, 2)
        arguments = {
            "where": {field: {dice.choice(filters): "x"} for field in chosen},
            "order": {dice.choice(fields): dice.choice(("asc", "desc"))},
            "skip": dice.choice((None, 1)),
            "include": dict.fromkeys(dice.sample(relations, dice.randrange(4)), True) or None,
        }
        if str(arguments) not in seen:
            seen.add(str(arguments))
            yield arguments


def resident() -> float:
    """Return the resident set in MiB."""
    return psutil.Process().memory_info().rss / 2**20


async def growth(database: Database, all_shapes: Iterator[dict[str, Any]], count: int) -> tuple[float, float]:
    """Return the resident set after the warm-up and how far it rose above that until the end, in MiB."""
    from prisma import Prisma

    async with Prisma(datasource={"url": database.url}, use_dotenv=False) as db:
        # The compiler, and what every query needs.
        await db.user.find_many(where={"id": "x"}, take=1)
        empty = resident()
        start = highest = 0.0
        for index, arguments in enumerate(itertools.islice(all_shapes, count)):
            await db.user.find_many(take=1, **arguments)
            if index + 1 in _CURVE:
                print(f"{index + 1:8} shapes   {resident() - empty:+8.1f} MiB", flush=True)
            if index == WARM_UP:
                start = resident()
            if index % 1_000 == 0:
                highest = max(highest, resident())
        return start, max(highest, resident()) - start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--shapes", type=int, default=100_000)
    parser.add_argument("--mixed", action="store_true", help="shapes of an application's traffic")
    options = parser.parse_args()
    with prepared(users=10) as database:
        chosen = mixed_shapes() if options.mixed else shapes()
        start, grown = asyncio.run(growth(database, chosen, options.shapes))
    print(f"{options.shapes} shapes   {start:.1f} MiB after {WARM_UP}   at most {grown:+.1f} MiB since")


if __name__ == "__main__":
    main()
