"""Limits, and the decision about a request that was counted under them.

A limit is one of three:

- a tier (`app.ratelimits.tiers`), by the minute;
- `key`: the requests of one API key in an hour;
- `keys`: the requests of all keys of a user in an hour. It is as large as the largest limit of a single key, so more
  keys give no more requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ABUSE = "abuse"  # the `endpoint` of the row that counts violations and then blocks
VIOLATIONS = 10
VIOLATIONS_WINDOW = 3600  # seconds
# Requests that were sent together can't know of each other's refusal: they are one violation.
VIOLATIONS_APART = 1  # seconds
BLOCK = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `quota` requests in `window` seconds; `endpoint` is its name."""

    endpoint: str
    quota: int
    window: int


@dataclass(frozen=True, slots=True)
class Usage:
    """A limit, how many requests were counted, and after how many seconds counting begins again."""

    limit: Limit
    count: int
    reset: int

    @property
    def remaining(self) -> int:
        """Return how many requests are left."""
        return max(0, self.limit.quota - self.count)

    @property
    def exceeded(self) -> bool:
        """Whether there were too many."""
        return self.count > self.limit.quota


@dataclass(frozen=True, slots=True)
class Decision:
    """How a request stands under its limits; `block` is how many seconds its caller is blocked for, if it is."""

    usages: tuple[Usage, ...] = ()
    block: int | None = None

    @property
    def exceeded(self) -> Sequence[Usage]:
        """Return the limits that the request is beyond."""
        return [usage for usage in self.usages if usage.exceeded]

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.block is None and not self.exceeded

    @property
    def retry_after(self) -> int:
        """Return after how many seconds it is worth trying again."""
        waits = [usage.reset for usage in self.exceeded]
        return max(1, *waits, self.block or 0)

    @property
    def word(self) -> str:
        """Return what the metrics call it."""
        return "allowed" if self.allowed else "limited" if self.block is None else "blocked"
