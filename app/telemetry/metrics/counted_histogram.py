"""Histograms of durations that somebody else has counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prometheus_client import Histogram


class CountedHistogram(Histogram):
    """A histogram that takes counts instead of single durations, for which the library has no method."""

    _buckets: Any  # the library's own, a value for each bucket, also where processes share them
    _sum: Any

    @property
    def size(self) -> int:
        """How many buckets there are."""
        return len(self._buckets)

    def add(self, counts: Sequence[int], total: float) -> None:
        """Add durations by how many fall into each bucket, the last of which has no bound; `total` is their sum."""
        for bucket, count in zip(self._buckets, counts, strict=True):
            bucket.inc(count)
        self._sum.inc(total)
