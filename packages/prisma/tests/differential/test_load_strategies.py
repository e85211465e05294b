"""Generated queries give the same by a join, by queries, and in the way that the client chooses."""

from __future__ import annotations

import asyncio
import importlib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from .outcomes import Outcomes, same
from .queries import Query
from .twins import Twins

EXAMPLES: Final = 100
ACTIONS: Final = ("findMany", "findMany", "findUnique", "findFirst")


@pytest.mark.long
@pytest.mark.parametrize("variant", ["query"])
def test_load_strategies(client_folder: Path, twins: Twins, dmmf: Mapping[str, Any], variant: str) -> None:
    # Here, because every process imports every module of tests.
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from .generation import Grammar

    package = importlib.import_module(f"{variant}_client")
    statements: list[str] = []
    joined: Counter[bool] = Counter()
    outcomes = Outcomes(datetime.now(UTC))
    with asyncio.Runner() as runner:
        db = package.Prisma(datasource={"url": twins.urls[0]}, use_dotenv=False)
        db.on("query", lambda event: statements.append(event.query))

        async def outcome(query: Query, strategy: str | None) -> Any:
            chosen = {} if strategy is None else {"relation_load_strategy": strategy}
            call = Query(query.model, query.action, query.arguments | chosen, query.include)
            return await outcomes.of_client(call, db)

        @seed(4)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        )
        @given(Grammar(dmmf).queries(ACTIONS).filter(lambda query: bool(query.include)))
        def run(query: Query) -> None:
            by_queries = runner.run(outcome(query, "query"))
            by_join = runner.run(outcome(query, "join"))
            statements.clear()
            by_choice = runner.run(outcome(query, None))
            joined[len(statements) == 1] += 1
            assert same(by_join, by_queries), f"{query}\njoin:  {by_join}\nquery: {by_queries}"
            assert same(by_choice, by_queries), f"{query}\nchosen: {by_choice}\nquery:  {by_queries}"

        runner.run(db.connect())
        try:
            runner.run(twins.reset())
            run()
        finally:
            runner.run(db.disconnect())
            runner.run(twins.close())
    print(dict(joined))
    assert min(joined[True], joined[False]) > EXAMPLES / 20
