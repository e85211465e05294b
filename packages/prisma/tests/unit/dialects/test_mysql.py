"""The SQL that the client itself writes for MySQL."""

from __future__ import annotations

from typing import get_args

import pytest

from prisma.client.options import IsolationLevel
from prisma.dialects.mysql import MYSQL


def test_the_isolation_level_comes_before_the_transaction() -> None:
    levels: tuple[str, ...] = get_args(IsolationLevel)
    assert [MYSQL.begin(), *map(MYSQL.begin, levels)] == [
        "START TRANSACTION",
        "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; START TRANSACTION",
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION",
    ]


def test_a_level_that_the_database_lacks_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        MYSQL.begin("Chaos")
