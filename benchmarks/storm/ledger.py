"""The ledger: what was written and acknowledged, and what the database has of it in the end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

FINDINGS: Final = ("lost", "doubled", "partial", "unasked")


class WrongAnswer(Exception):
    """An operation got something else than what must be in the database."""


@dataclass(slots=True, eq=False)
class Attempt:
    """One operation, whose rows all carry its mark.

    Attributes:
        state: `absent` while nothing could have been committed, `unknown` once it could, then `acknowledged`.
        rows: how many it writes.
        known: the mark of an acknowledged folder of the same caller, to be read.
    """

    mark: str
    page: str
    known: str | None = None
    state: Literal["absent", "unknown", "acknowledged"] = "absent"
    rows: int = 0

    def send(self, rows: int) -> None:
        """Note that from now on it may be committed."""
        self.rows = rows
        self.state = "unknown"

    def part(self, number: int) -> dict[str, str]:
        """Return an entry."""
        return {"mark": self.mark, "text": text(self.mark, number)}

    def found(self, rows: int) -> str | None:
        """Return what is wrong with it when the database has so many of its rows."""
        if rows > self.rows:
            return "doubled" if self.rows else "unasked"
        if 0 < rows < self.rows:
            return "partial"
        if self.state == "absent" and rows:
            return "unasked"
        return "lost" if self.state == "acknowledged" and rows < self.rows else None


def text(mark: str, number: int) -> str:
    """Return the text of an entry: whoever reads it knows what to expect."""
    return f"{number} of {mark}"


def expect(got: object, wanted: object) -> None:
    """Raise WrongAnswer unless they are equal."""
    if got != wanted:
        raise WrongAnswer(f"got {got!r}, expected {wanted!r}")


@dataclass(slots=True)
class Ledger:
    """All attempts of a storm; several threads may write."""

    attempts: list[Attempt] = field(default_factory=list[Attempt])
    failures: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    bare: list[str] = field(default_factory=list[str])
    late: list[float] = field(default_factory=list[float])
    cancelled: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, code: str) -> None:
        """Count a failure that a program must expect in a storm."""
        with self._lock:
            self.failures[code] += 1

    def compare(self, rows: Mapping[str, int]) -> Counter[str]:
        """Return how often each of FINDINGS is true, for the number of rows of each mark in the database."""
        found = (attempt.found(rows.get(attempt.mark, 0)) for attempt in self.attempts)
        return Counter(each for each in found if each is not None)

    def acknowledged(self) -> int:
        """Return how many attempts were."""
        return sum(attempt.state == "acknowledged" for attempt in self.attempts)
