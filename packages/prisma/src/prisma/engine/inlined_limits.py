"""Inlined limits: a LIMIT that a program uses again becomes part of the statement's text.

The server keeps the plan of a prepared statement, unless a plan for the actual parameters looks better. It takes an
unknown LIMIT for a tenth of the table, so it plans the statement again for each run; a join of related rows is much
work to plan (measured: 20 users with 5 projects each, 415 µs with a parameter, 291 µs without).

Only a few numbers of each statement get a text: a program uses some page sizes again and again, and any other number
stays a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from prisma.plan import nodes
from prisma.plan.passes.inline_limit import limit_slot, with_limit

MAX_LIMITS: Final = 8
"""Numbers of one statement that get a text; each is one more prepared statement on the server."""

MAX_SEEN: Final = 256
"""Numbers of one statement that are remembered because they came once."""

StatementT = TypeVar("StatementT")


class InlinedLimits(Generic[StatementT]):
    """The variants of one statement: with a parameter, and with each number that came again."""

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
    ) -> InlinedLimits[StatementT] | None:
        """Return the limits of a statement that `general` runs; None if none of the request's numbers is one."""
        slot = limit_slot(statement)
        return None if slot is None else cls(slot.index, general, make, statement)

    def choose(self, numbers: Sequence[int]) -> StatementT:
        """Return the statement to run with these numbers."""
        number = numbers[self._slot]
        # The usual case first: this runs with every call.
        known = self._known.get(number)
        if known is not None:
            return known
        # A bool is equal to a number: it must not become one's text.
        if number.__class__ is not int or number not in self._seen:
            if len(self._seen) < MAX_SEEN:
                self._seen.add(number)
            return self._general
        if len(self._known) >= MAX_LIMITS:
            return self._general
        self._known[number] = made = self._make(with_limit(self._statement, abs(number)))
        return made
