"""LIMIT as text: a number of rows of the request, written into a statement in the place of its parameter.

This is no step of `prisma.plan.prepare`: the number is known at run time only. `prisma.engine.inlined_limits` says when
it is worth a text.
"""

from __future__ import annotations

from prisma.plan.nodes import Fragment, Parameter, Slot, Statement, Text


def limit_slot(statement: Statement) -> Slot | None:
    """Return the number of the request that is the statement's LIMIT, None if there is none."""
    place = _place(statement)
    if place is None:
        return None
    value = statement.args[_argument(statement, place)]
    return value if isinstance(value, Slot) else None


def with_limit(statement: Statement, limit: int) -> Statement:
    """Return a statement that `limit_slot` says yes to, with this LIMIT."""
    place = _place(statement)
    assert place is not None  # noqa: S101 - see above
    index = _argument(statement, place)
    # `d` formats whole numbers and nothing else: no text gets into the SQL.
    fragments = (*statement.fragments[:place], Text(f"{limit:d}"), *statement.fragments[place + 1 :])
    args = (*statement.args[:index], *statement.args[index + 1 :])
    types = (*statement.arg_types[:index], *statement.arg_types[index + 1 :])
    return Statement(fragments, args, types, statement.chunkable)


def _place(statement: Statement) -> int | None:
    """Return the position of the placeholder of the first LIMIT."""
    before: Fragment = Text("")
    for place, fragment in enumerate(statement.fragments):
        if isinstance(fragment, Parameter) and isinstance(before, Text) and before.chunk.endswith(" LIMIT "):
            return place
        before = fragment
    return None


def _argument(statement: Statement, place: int) -> int:
    """Return the index of the argument for the placeholder at a position."""
    return sum(not isinstance(fragment, Text) for fragment in statement.fragments[:place])
