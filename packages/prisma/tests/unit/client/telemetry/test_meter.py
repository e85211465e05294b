"""Histograms count each duration once, whenever they sort them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from prisma.client.telemetry.meter import BOUNDS, MOST_UNSORTED, Histogram


def seen(histogram: Histogram) -> tuple[list[int], int, float]:
    report = histogram.report()
    return [bucket.total_count for bucket in report.buckets], report.count, round(report.sum, 6)


def test_a_duration_belongs_to_the_first_bucket_that_holds_it():
    histogram = Histogram()
    for seconds in (0.0, 0.0004, 0.001, 0.0011, 0.05, 49.0, 50.0, 51.0):
        histogram.observe(seconds)
    counts = dict.fromkeys(BOUNDS, 0) | {0: 1, 1: 2, 5: 1, 50: 1, 50000: 2}
    assert [seen(histogram) for _ in range(2)] == [(list(counts.values()), 8, 150052.5)] * 2


def test_threads_lose_none():
    histogram = Histogram()

    def observe(_: int) -> int:
        for number in range(MOST_UNSORTED * 2):
            histogram.observe(0.002)
            if number % 500 == 0:
                _ = histogram.count
        return 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(observe, range(8))) == 8
    assert (histogram.count, seen(histogram)[0][2]) == (MOST_UNSORTED * 16,) * 2
