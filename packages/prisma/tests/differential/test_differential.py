"""Generated queries give the same in our client and in Prisma's own JavaScript runtime."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from .exclusions import exclusion
from .outcomes import Outcomes, same
from .queries import READS, RETURNING, WRITES, Query

pytestmark = pytest.mark.long

# Together these are more than 1000 different queries; hypothesis repeats some.
EXAMPLES: Final = {"reads": 220, "writes": 180}
LEAST_DIFFERENT: Final = {"reads": 150, "writes": 140}
# A file answers sooner than a server, and the counters of MariaDB are put back by DDL.
MORE: Final = {"join": 1, "query": 1, "sqlite": 1.4, "mysql": 0.8, "cockroachdb": 0.8}
# Each run asks the same queries; another number gives other queries.
SEEDS: Final = {"join": 1, "query": 2, "sqlite": 3, "mysql": 4, "cockroachdb": 5}
# More complex actions come more often.
ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "reads": (*READS, "findMany", "findMany", "findMany", "aggregate"),
    "writes": (*WRITES, "createOne", "updateOne", "updateOne"),
}


class _Comparison:
    """Runs queries on both sides."""

    def __init__(self, bench: Any, outcomes: Outcomes, seeded: list[str]) -> None:
        self._bench = bench
        self._outcomes = outcomes
        self._seeded = seeded
        self.seen: set[str] = set()
        self.excluded: Counter[str] = Counter()

    async def read(self, query: Query) -> None:
        """Run a query of one database with both clients."""
        ours = await self._outcomes.of_client(query, self._bench.reader)
        theirs = self._outcomes.of_oracle(query, await self._bench.oracle.ask(query.request, atomic=False))
        self._judge(query, ours, theirs)

    async def write(self, query: Query) -> None:
        """Run a query with each client on a separate database; compare the databases afterwards, too."""
        atomic = len(self.seen) % 2 == 1
        ours, answer = await asyncio.gather(
            self._ours(query, atomic=atomic), self._bench.oracle.ask(query.request, atomic=atomic)
        )
        contents = await self._bench.twins.contents()
        if contents != self._seeded:
            await self._bench.twins.reset()
        first, second = map(self._outcomes.of_rows, contents)
        theirs = self._outcomes.of_oracle(query, answer)
        self._judge(query, {**ours, "contents": first}, {**theirs, "contents": second})

    async def _ours(self, query: Query, *, atomic: bool) -> Any:
        if not atomic:
            return await self._outcomes.of_client(query, self._bench.writer)
        transaction = self._bench.writer.tx()
        db = await transaction.start()
        outcome = await self._outcomes.of_client(query, db)
        await (transaction.rollback() if "error" in outcome else transaction.commit())
        return outcome

    def _judge(self, query: Query, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
        self.seen.add(json.dumps(query.request))
        if not same(ours, theirs):
            reason = exclusion(query, ours, theirs)
            assert reason is not None, f"{query}\nours:   {ours}\ntheirs: {theirs}"
            self.excluded[reason] += 1


# The first time, npm installs the oracle.
@pytest.mark.parametrize("kind", ACTIONS)
def test_same_as_prismas_own_client(
    make_bench: Callable[[], Any], dmmf: Mapping[str, Any], variant: str, kind: str
) -> None:
    # Here, because every process imports every module of tests.
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from .generation import Grammar

    with asyncio.Runner() as runner:
        bench = runner.run(make_bench())
        seeded = runner.run(bench.twins.contents())
        comparison = _Comparison(bench, Outcomes(datetime.now(UTC)), seeded)
        actions = (*ACTIONS[kind], *(RETURNING if (variant, kind) == ("sqlite", "writes") else ()))
        compare = comparison.read if kind == "reads" else comparison.write

        @seed(SEEDS[variant])
        @settings(
            max_examples=int(EXAMPLES[kind] * MORE[variant]),
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=(HealthCheck.too_slow,),
        )
        @given(Grammar(dmmf).queries(actions))
        def run(query: Query) -> None:
            runner.run(compare(query))

        try:
            run()
        finally:
            runner.run(bench.close())
    print(f"{len(comparison.seen)} different {kind}; excluded: {dict(comparison.excluded)}")
    assert len(comparison.seen) >= int(LEAST_DIFFERENT[kind] * MORE[variant])
