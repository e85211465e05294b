"""A run: the state of one execution of a plan, and the names that its `let` nodes bind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from prisma.engine.generators import Generators
from prisma.engine.plan_error import contradiction

Scope: TypeAlias = dict[str, Any]
"""Names bound by `let`; an inner scope is a copy, so that it can shadow names."""


@dataclass(slots=True)
class Run:
    """One execution of a plan: `values[i]` belongs to the parameter `%{i+1}`, `numbers[i]` to `Slot(i)`."""

    values: Sequence[Any]
    numbers: Sequence[int]
    generators: Generators
    _now: datetime | None = field(default=None, init=False)

    def now(self) -> datetime:
        """Return the time of this run: every `now()` of a plan is the same moment."""
        # The clock is read at the first use: most plans need no time.
        if self._now is None:
            self._now = self.generators.now()
        return self._now


def lookup(scope: Scope, name: str) -> Any:
    """Return what a name is bound to."""
    try:
        return scope[name]
    except KeyError:
        raise contradiction(f"nothing is bound to the name {name!r}") from None
