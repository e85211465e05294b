"""The SQL that the client itself writes for PostgreSQL."""

from __future__ import annotations

from typing import get_args

import pytest

from prisma.client.options import IsolationLevel
from prisma.dialects.postgresql import POSTGRESQL


def test_transactions_begin_at_every_level_that_prisma_has() -> None:
    levels: tuple[str, ...] = get_args(IsolationLevel)
    assert [POSTGRESQL.begin(), *map(POSTGRESQL.begin, levels)] == [
        "BEGIN",
        "BEGIN ISOLATION LEVEL READ UNCOMMITTED",
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        "BEGIN ISOLATION LEVEL REPEATABLE READ",
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
    ]


def test_a_level_that_the_database_lacks_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        POSTGRESQL.begin("Chaos")
