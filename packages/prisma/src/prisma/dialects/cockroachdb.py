"""The dialect of CockroachDB, which speaks PostgreSQL's protocol and most of its SQL."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from prisma.dialects.dialect import Feature
from prisma.dialects.postgresql import POSTGRESQL

COCKROACHDB: Final = POSTGRESQL.__replace__(
    name="CockroachDB",
    compiler_module="query_compiler.cockroachdb",
    system="cockroachdb",
    # The choice rests on measurements of PostgreSQL.
    chooses_joins=False,
    # Its replicas are its own affair: none of them can be asked how far it is.
    has_replicas=False,
    features=frozenset(Feature) - {Feature.FULL_TEXT, Feature.JSON_ORDER},
    isolation_levels=MappingProxyType({"ReadCommitted": "READ COMMITTED", "Serializable": "SERIALIZABLE"}),
)
