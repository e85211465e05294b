"""The passes in their order: the only way from a decoded plan to one that the engine loads.

A pass is a function from plan to plan. It changes what the compiler wrote, for speed or because it is wrong. Each can
be left out: `tests/plans/test_passes.py` compares the answers with and without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias

from prisma.dialects.dialect import Dialect, Feature
from prisma.plan.nodes import Node
from prisma.plan.passes.any_lists import pass_lists_as_arrays
from prisma.plan.passes.calendar_types import send_dates_and_times
from prisma.plan.passes.client_defaults import ColumnDefaults, Table, add_client_defaults
from prisma.plan.passes.inserted_row import return_inserted_rows
from prisma.plan.passes.json_arrays import send_rows_as_arrays
from prisma.plan.passes.literal_ilike import compare_literally
from prisma.plan.passes.upsert_link import link_by_keys

Pass: TypeAlias = Callable[[Node], Node]


def all_passes(
    dialect: Dialect, defaults: Mapping[Table, ColumnDefaults], *, returns_inserted: bool = False
) -> dict[str, Pass]:
    """Return the passes by their names, in order; `defaults` has what the client makes, by schema and table.

    `returns_inserted` says whether an INSERT can return its row where the compiler's plans read it again.
    """
    # A statement must have its final placeholders before others count them.
    arrays: dict[str, Pass] = {"any_lists": pass_lists_as_arrays} if dialect.has_arrays else {}
    untyped: dict[str, Pass] = {} if dialect.has_typed_parameters else {"calendar_types": send_dates_and_times}
    inserted: dict[str, Pass] = {"inserted_row": return_inserted_rows} if returns_inserted else {}
    # A plan without RETURNING reads the row again by the key that the compiler knows, which is not one of these.
    returns = Feature.RETURNING in dialect.features
    made: dict[str, Pass] = {"client_defaults": partial(add_client_defaults, tables=defaults)} if returns else {}
    return {
        **arrays,
        **untyped,
        **inserted,
        "literal_ilike": compare_literally,
        "upsert_link": link_by_keys,
        **made,
        "json_arrays": send_rows_as_arrays,
    }


def prepare(plan: Node, passes: Iterable[Pass]) -> Node:
    """Return a decoded plan with the passes applied."""
    for apply in passes:
        plan = apply(plan)
    return plan
