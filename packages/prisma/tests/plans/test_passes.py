"""Passes: the database gives the same answers, and ends with the same rows, without each of them and without all.

Where a pass corrects what the compiler wrote, the answers differ. `CORRECTIONS` names them, with the pass and without.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from typing import Any, Final

import pytest

from prisma.compiler.query_compiler import QueryCompiler
from prisma.dialects.postgresql import POSTGRESQL
from prisma.drivers.postgresql.asyncpg import AsyncpgConnection, AsyncpgPool
from prisma.drivers.postgresql.url import parse_url
from prisma.engine.generators import Generators
from prisma.engine.program import Program
from prisma.faults import FaultKind
from prisma.plan.decode import decode
from prisma.plan.nodes import Generator, Literal, Node
from prisma.plan.prepare import Pass, all_passes, prepare

from .conftest import FOLDER, from_json
from .corpus import CASES, to_request
from .corpus_terms import Case, number, query, text
from .running import run

PASSES: Final = all_passes(POSTGRESQL, {("public", "profiles"): {"bio": Generator("nanoid", (Literal(8),))}})
TABLES: Final = ("users", "profiles", "accounts", "posts", "tags", "_PostToTag", "samples", "tokens")
CONTENTS: Final = "SELECT json_build_object({})::text AS contents".format(
    ", ".join(f"'{table}', (SELECT json_agg(t ORDER BY t::text) FROM \"{table}\" t)" for table in TABLES)
)
ALL: Final = "all of them"
READS: Final = ("find", "aggregate", "groupBy")
EMAIL: Final = {"equals": text("ADA@_xample.com"), "mode": "insensitive"}
UPSERT: Final = {
    "where": {"name": text("nobody")},
    "create": {"email": text("new@example.com")},
    "update": {"name": text("x")},
}
MORE_CASES: dict[str, Case] = {
    "email-with-underscore": query("User", "findMany", {"id": True}, where={"email": EMAIL}),
    "upsert-author-with-condition": query(
        "Post",
        "updateOne",
        {"author": {"arguments": {}, "selection": {"id": True}}},
        where={"id": number(6)},
        data={"author": {"upsert": UPSERT}},
    ),
    "create-without-bio": query("Profile", "createOne", {"bio": True}, data={"user": {"connect": {"id": number(3)}}}),
}


def recorded(name: str) -> Any:
    return from_json(json.loads((FOLDER / "recorded" / f"{name}.json").read_text())["result"])


# Pass → request → its answer with the pass, and without.
CORRECTIONS: dict[str, dict[str, tuple[Any, Any]]] = {
    # The compiler's `NOT IN (NULL)` keeps no row.
    "any_lists": {"find-many-not-in-nothing": (recorded("find-many-not-in-nothing"), [])},
    # As a pattern, `_` is any character.
    "literal_ilike": {"email-with-underscore": ([], [{"id": 1}])},
    # The compiler puts a condition on users into an UPDATE of posts.
    "upsert_link": {"upsert-author-with-condition": ({"author": {"id": 4}}, {"kind": FaultKind.TABLE_DOES_NOT_EXIST})},
    # The compiler leaves the column out, whose value only the client can make.
    "client_defaults": {"create-without-bio": ({"bio": "oZbbZ3Gu"}, {"bio": None})},
    # For speed alone.
    "json_arrays": {},
}
CORRECTIONS[ALL] = {name: answers for cases in CORRECTIONS.values() for name, answers in cases.items()}
LEAST_CHANGED: Final = {
    "any_lists": 50,
    "literal_ilike": 1,
    "upsert_link": 1,
    "client_defaults": 1,
    "json_arrays": 3,
    ALL: 55,
}
"""How many of the requests a pass must change at least: the comparison says nothing of the others."""


class Bench:
    """A database that is in the state of the seed before each run."""

    def __init__(self, connection: AsyncpgConnection, compiler: QueryCompiler, fixed: Callable[[], Generators]) -> None:
        self._connection = connection
        self._compiler = compiler
        self._fixed = fixed

    def plan(self, case: Case) -> tuple[Node, list[Any]]:
        """Return the decoded plan of a request, and the values of its parameters."""
        request, values = to_request(case)
        return decode(self._compiler.compile(json.dumps(request))), values

    async def run(self, case: Case, plan: Node, values: list[Any]) -> tuple[Any, str]:
        """Return the result or error of a plan, and what is in the database after it."""
        outcome = await run(self._connection, Program.load(plan, POSTGRESQL), values, self._fixed())
        rows: Any = await self._connection.query(CONTENTS, ())
        if not case.action.startswith(READS):
            await self.reset()
        return outcome.get("result", outcome.get("error")), rows[0]["contents"]

    async def run_once(
        self, case: Case, plan: Node, values: list[Any], known: list[tuple[Node, tuple[Any, str]]]
    ) -> tuple[Any, str]:
        """Return what `run` does, from `known` if it is there; if not, it is afterwards."""
        for other, outcome in known:
            if other == plan:
                return outcome
        known.append((plan, await self.run(case, plan, values)))
        return known[-1][1]

    async def reset(self) -> None:
        await self._connection.command((FOLDER / "seed.sql").read_text())


@pytest.fixture
async def bench(database: str, compiler: QueryCompiler, fixed: Callable[[], Generators]) -> AsyncIterator[Bench]:
    pool = AsyncpgPool(parse_url(database))
    await pool.open()
    connection = await pool.acquire()
    await connection.command((FOLDER / "schema.sql").read_text())
    bench = Bench(connection, compiler, fixed)
    await bench.reset()
    yield bench
    await pool.release(connection)
    await pool.close()


def without(left_out: str) -> Collection[Pass]:
    return [] if left_out == ALL else [change for name, change in PASSES.items() if name != left_out]


async def test_answers_without_a_pass(bench: Bench) -> None:
    different: dict[str, dict[str, Any]] = {left_out: {} for left_out in CORRECTIONS}
    changed: Counter[str] = Counter()
    for name, case in {**CASES, **MORE_CASES}.items():
        plan, values = bench.plan(case)
        whole = prepare(plan, PASSES.values())
        outcomes: list[tuple[Node, tuple[Any, str]]] = []
        for left_out in CORRECTIONS:
            reduced = prepare(plan, without(left_out))
            if reduced == whole:
                continue
            changed[left_out] += 1
            # Without one pass and without any, plans are often the same.
            answers = [await bench.run_once(case, each, values, outcomes) for each in (whole, reduced)]
            # NaN is unequal to itself, its text is not.
            if repr(answers[0]) != repr(answers[1]):
                different[left_out][name] = tuple(result for result, _ in answers)
    assert [name for name, least in LEAST_CHANGED.items() if changed[name] < least] == []
    assert repr(different) == repr(CORRECTIONS)
