"""What the client writes for CockroachDB is what it writes for PostgreSQL."""

from __future__ import annotations

import pytest

from prisma.dialects import dialect_of
from prisma.dialects.cockroachdb import COCKROACHDB
from prisma.dialects.dialect import Feature
from prisma.dialects.postgresql import POSTGRESQL


def test_the_sql_is_that_of_postgresql() -> None:
    assert dialect_of("cockroachdb") is COCKROACHDB
    for level in (None, "ReadCommitted", "Serializable"):
        assert COCKROACHDB.begin(level) == POSTGRESQL.begin(level)
    assert COCKROACHDB.local_settings({"a.b": "c"}) == POSTGRESQL.local_settings({"a.b": "c"})
    assert POSTGRESQL.features - COCKROACHDB.features == {Feature.FULL_TEXT, Feature.JSON_ORDER}


def test_a_level_that_the_database_lacks_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        COCKROACHDB.begin("RepeatableRead")
