"""The limits of a request, and the decision whether it is within them.

A limit is one of three:

- a tier (`app.ratelimits.tiers`), by the minute;
- `key`: the requests of one API key in an hour;
- `keys`: the requests of all keys of a user in an hour. It is as large as the largest limit of a single key, so more
  keys give no more requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

ABUSE = "abuse"  # the `endpoint` of the row that counts violations and then blocks
VIOLATIONS = 10
VIOLATIONS_WINDOW = 3600  # seconds
# Requests that were sent together can't know of each other's refusal, so they are one violation.
VIOLATIONS_APART = 1  # seconds
BLOCK = 24 * 3600  # seconds


class Limit(NamedTuple):
    """At most `quota` requests in `window` seconds; `endpoint` is its name."""

    endpoint: str
    quota: int
    window: int


@dataclass(slots=True)
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


@dataclass(slots=True)
class Decision:
    """The limits of a request and their usage.

    `block` is for how many seconds the caller is blocked, or None. `exceeded` are the limits that the request exceeds.
    """

    usages: tuple[Usage, ...] = ()
    block: int | None = None
    exceeded: Sequence[Usage] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        self.exceeded = [usage for usage in self.usages if usage.exceeded]

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.block is None and not self.exceeded

    @property
    def retry_after(self) -> int:
        """Return after how many seconds a new request may succeed."""
        waits = [usage.reset for usage in self.exceeded]
        return max(1, *waits, self.block or 0)

    @property
    def label(self) -> str:
        """Return the decision as the label of a metric."""
        return "allowed" if self.allowed else "limited" if self.block is None else "blocked"
