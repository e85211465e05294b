"""Which client a caller's reads get: after their own changes, and by `Cache-Control`."""

from __future__ import annotations

import pytest

from app.tenancy.replica_reads import ReplicaReads
from prisma import Prisma

URL = "postgresql://ann@db/shop"
LAG = 5.0  # seconds


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def client() -> Prisma:
    return Prisma(datasource={"url": URL}, replicas=[URL], use_dotenv=False)


def test_reads_go_to_the_primary_until_replicas_have_the_callers_change(client: Prisma):
    clock = Clock()
    reads = ReplicaReads(client, LAG, clock=clock)
    seen: list[tuple[bool, bool]] = []
    for moment in (100.0, 104.0, 105.0, 108.0, 109.0, 109.1):
        clock.now = moment
        seen.append((reads.client_for("ada") is client, reads.client_for("eve") is client))
        if moment in (100.0, 104.0):
            reads.wrote("ada")
    assert seen == [(True, True), (False, True), (False, True), (False, True), (False, True), (True, True)]


def test_only_changes_of_the_last_seconds_are_remembered(client: Prisma):
    clock = Clock()
    reads = ReplicaReads(client, LAG, clock=clock)
    for number in range(100):
        clock.now += 1
        reads.wrote(f"user {number}")
    assert list(reads._written) == [f"user {number}" for number in range(94, 100)]


@pytest.mark.parametrize(
    ("header", "from_replica"),
    [
        (None, True),
        ("", True),
        ("max-age=0", True),
        ("no-cache", False),
        ("max-age=0, No-Cache", False),
        ("x-no-cache", True),
    ],
)
def test_a_request_may_ask_for_the_newest(client: Prisma, header: str | None, *, from_replica: bool):
    assert (ReplicaReads(client, LAG).client_for("ada", header) is client) is from_replica
