"""Names: the Python names of actions, arguments and filters, and those of the compiler's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OPERATIONS: Final = {
    "createOne": "create",
    "createMany": "create_many",
    "createManyAndReturn": "create_many_and_return",
    "deleteOne": "delete",
    "deleteMany": "delete_many",
    "findUnique": "find_unique",
    "findUniqueOrThrow": "find_unique_or_raise",
    "findFirst": "find_first",
    "findFirstOrThrow": "find_first_or_raise",
    "findMany": "find_many",
    "updateOne": "update",
    "updateMany": "update_many",
    "updateManyAndReturn": "update_many_and_return",
    "upsertOne": "upsert",
}
"""Names of operations: the engine's → that of a program's method."""

ARGUMENTS: Final = {
    "order": "orderBy",
    "order_by": "orderBy",
    "skip_duplicates": "skipDuplicates",
    "relation_load_strategy": "relationLoadStrategy",
}
FILTERS: Final = {
    "not_in": "notIn",
    "startswith": "startsWith",
    "starts_with": "startsWith",
    "endswith": "endsWith",
    "ends_with": "endsWith",
    "has_every": "hasEvery",
    "has_some": "hasSome",
    "is_empty": "isEmpty",
}
LIST_FILTERS: Final = frozenset({"in", "notIn", "hasEvery", "hasSome"})
RELATION_FILTERS: Final = {"is": "is", "is_not": "isNot", "isNot": "isNot"} | {
    name: name for name in ("some", "every", "none")
}
VERBS: Final = {
    "connect_or_create": "connectOrCreate",
    "create_many": "createMany",
    "update_many": "updateMany",
    "delete_many": "deleteMany",
}
AGGREGATES: Final = {"count": "_count", "avg": "_avg", "sum": "_sum", "min": "_min", "max": "_max"}

PYTHON_TYPES: Final = {
    "String": "str",
    "Int": "int",
    "BigInt": "int",
    "Float": "float",
    "Decimal": "Decimal",
    "Boolean": "bool",
    "DateTime": "datetime",
    "ISO-8601 DateTime": "datetime",
    "Bytes": "Base64",
    "Json": "Json",
    "Null": "None",
}

# Of several names of Python the first is the one to tell a program.
_TOLD: Final[Mapping[str, str]] = {
    word: name for words in (VERBS, RELATION_FILTERS, FILTERS, ARGUMENTS) for name, word in reversed(words.items())
}


def engine_names(name: str) -> frozenset[str]:
    """Return what a program's key may mean in the protocol, the key itself included."""
    tables = (ARGUMENTS, FILTERS, RELATION_FILTERS, VERBS, AGGREGATES)
    return frozenset({name, *(table[name] for table in tables if name in table)})


def python_name(word: str) -> str:
    """Return the name by which a program should call a word of the protocol."""
    return _TOLD.get(word, word)
