"""The result of `get_metrics`."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel

__all__ = ("HistogramBucket", "Metric", "MetricHistogram", "Metrics")

_T = TypeVar("_T")


class HistogramBucket(NamedTuple):
    """How many values were greater than the bucket before and at most `max_value` (milliseconds)."""

    max_value: float
    total_count: int


class MetricHistogram(BaseModel):
    """Durations in milliseconds: their sum, their number, and how they are spread."""

    sum: float
    count: int
    buckets: list[HistogramBucket]


class Metric(BaseModel, Generic[_T]):
    """One metric under Prisma's name for it."""

    key: str
    value: _T
    labels: dict[str, str]
    description: str


class Metrics(BaseModel):
    """All metrics of a client."""

    counters: list[Metric[int]]
    gauges: list[Metric[float]]
    histograms: list[Metric[MetricHistogram]]
