"""Types for annotations in programs."""

from typing import Literal, TypeAlias

PrismaMethod: TypeAlias = Literal[
    "query_raw",
    "query_first",
    "execute_raw",
    "create",
    "delete",
    "update",
    "upsert",
    "create_many",
    "delete_many",
    "update_many",
    "create_many_and_return",
    "update_many_and_return",
    "count",
    "aggregate",
    "group_by",
    "find_many",
    "find_first",
    "find_first_or_raise",
    "find_unique",
    "find_unique_or_raise",
]
"""The names of operations."""
