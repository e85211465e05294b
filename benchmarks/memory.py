"""`python -m benchmarks.memory`: what 100,000 distinct query shapes leave behind in memory.

Every shape is compiled, run and forgotten again: the cache keeps the last 1,000, and the compiler's instance is
replaced when it has grown. The figure to look at is the growth of the resident set after the first 2,000 shapes.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
from collections.abc import Iterator
from typing import Any

import psutil

from benchmarks.database import Database, prepared

WARM_UP = 2_000  # shapes: fills the cache twice, so that what is measured after is growth and not filling


def shapes() -> Iterator[dict[str, Any]]:
    """Yield arguments of find_many that differ in shape: which fields, which filters, in which order."""
    fields = ("id", "email", "name", "avatar")
    filters = ("equals", "not", "contains", "startswith", "endswith", "gt", "lt", "gte", "lte", "in", "not_in")
    for depth in itertools.count(1):
        for chosen in itertools.product(itertools.product(fields, filters), repeat=depth):
            conditions = [{field: {name: ["x"] if name.endswith("in") else "x"}} for field, name in chosen]
            for order in (None, {"id": "asc"}, {"email": "desc"}):
                yield {"where": {"AND": conditions}, "order": order}


def resident() -> float:
    """Return the resident set in MiB."""
    return psutil.Process().memory_info().rss / 2**20


async def growth(database: Database, count: int) -> tuple[float, float]:
    """Return the resident set after the warm-up and how far it rose above that until the end, in MiB."""
    from prisma import Prisma

    async with Prisma(datasource={"url": database.url}, use_dotenv=False) as db:
        start = highest = 0.0
        for index, arguments in enumerate(itertools.islice(shapes(), count)):
            await db.user.find_many(take=1, **arguments)
            if index == WARM_UP:
                start = resident()
            if index % 1_000 == 0:
                highest = max(highest, resident())
        return start, max(highest, resident()) - start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--shapes", type=int, default=100_000)
    options = parser.parse_args()
    with prepared(users=10) as database:
        start, grown = asyncio.run(growth(database, options.shapes))
    print(f"{options.shapes} shapes   {start:.1f} MiB after {WARM_UP}   at most {grown:+.1f} MiB since")


if __name__ == "__main__":
    main()
