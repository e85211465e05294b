"""Limits: a number of rows that comes again becomes part of the statement's text.

The server keeps the plan of a prepared statement, unless it makes a better one when it knows the parameters. A LIMIT
that it does not know it takes for a tenth of the table, so it plans every time anew; a join of related rows is much
work to plan (measured: 20 users with 5 projects each, 415 µs with a parameter, 291 µs without).

Numbers are written by Python's own int and nothing else. Only a few for each statement: a program pages by some sizes
again and again, and whatever else comes along stays a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from prisma.plan import nodes

MAX_LIMITS: Final = 8  # numbers that have a text of their own; each is one more prepared statement
MAX_SEEN: Final = 256  # numbers that came once

StatementT = TypeVar("StatementT")


class Limits(Generic[StatementT]):
    """The texts of one statement: with a parameter, and for the numbers that came again."""

    def __init__(
        self, slot: int, general: StatementT, make: Callable[[nodes.Statement], StatementT], statement: nodes.Statement
    ) -> None:
        self._slot = slot
        self._general = general
        self._make = make
        self._statement = statement
        self._seen: set[int] = set()
        self._known: dict[int, StatementT] = {}

    @classmethod
    def of(
        cls, statement: nodes.Statement, general: StatementT, make: Callable[[nodes.Statement], StatementT]
    ) -> Limits[StatementT] | None:
        """Return the limits of a statement that `general` runs; None if none of the request's numbers is one."""
        place = _place(statement)
        if place is None:
            return None
        slot = statement.args[_argument(statement, place)]
        return cls(slot.index, general, make, statement) if isinstance(slot, nodes.Slot) else None

    def choose(self, numbers: Sequence[int]) -> StatementT:
        """Return the statement to run with these numbers."""
        number = numbers[self._slot]
        known = self._known.get(number)
        if known is not None:
            return known
        if number.__class__ is not int or number not in self._seen:
            if len(self._seen) < MAX_SEEN:
                self._seen.add(number)
            return self._general
        if len(self._known) >= MAX_LIMITS:
            return self._general
        self._known[number] = made = self._make(_with_number(self._statement, abs(number)))
        return made


def _place(statement: nodes.Statement) -> int | None:
    """Return the place of the fragment that stands for a LIMIT of the request."""
    before: nodes.Fragment = nodes.Text("")
    for place, fragment in enumerate(statement.fragments):
        if (
            isinstance(fragment, nodes.Parameter)
            and isinstance(before, nodes.Text)
            and before.chunk.endswith(" LIMIT ")
        ):
            return place if isinstance(statement.args[_argument(statement, place)], nodes.Slot) else None
        before = fragment
    return None


def _argument(statement: nodes.Statement, place: int) -> int:
    return sum(not isinstance(fragment, nodes.Text) for fragment in statement.fragments[:place])


def _with_number(statement: nodes.Statement, number: int) -> nodes.Statement:
    place = _place(statement) or 0
    index = _argument(statement, place)
    fragments = (*statement.fragments[:place], nodes.Text(f"{number:d}"), *statement.fragments[place + 1 :])
    args = (*statement.args[:index], *statement.args[index + 1 :])
    types = (*statement.arg_types[:index], *statement.arg_types[index + 1 :])
    return nodes.Statement(fragments, args, types, statement.chunkable)
