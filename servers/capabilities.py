"""What a kind of database can do, by the words that tests use: `@pytest.mark.needs("scalar_lists")`.

The words are those of its dialect, so that a test says of a database what the client knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from prisma.dialects.dialect import Dialect, Feature

_ATTRIBUTES: Final[dict[str, Callable[[Dialect], bool]]] = {
    "server": lambda dialect: dialect.system == "postgresql",
    "nulls_last": lambda dialect: dialect.system == "postgresql",
    "standard_quotes": lambda dialect: dialect.system != "mysql",
    "native_types": lambda dialect: dialect.system != "mysql",
    "survives_cancellation": lambda dialect: dialect.system != "mysql",
    "conditions_on_own_table": lambda dialect: dialect.system != "mysql",
    "relation_joins": lambda dialect: dialect.joins,
    "scalar_lists": lambda dialect: dialect.has_arrays,
    "typed_columns": lambda dialect: dialect.has_typed_columns,
    "isolation_levels": lambda dialect: len(dialect.isolation_levels) > 1,
}
"""`server`: sessions, settings, and SQL of PostgreSQL's own. `nulls_last`: NULL comes after all values in an order.
`standard_quotes`: names in double quotes, and `$1`. `conditions_on_own_table`: an UPDATE that reads the table which it
changes in a condition on a relation to itself. `native_types`: the schemas' native types. `survives_cancellation`: the
session of a statement whose task is cancelled goes on.
"""


def words() -> set[str]:
    """Return all words."""
    return {*_ATTRIBUTES, *(feature.name.lower() for feature in Feature)}


def has(dialect: Dialect, needed: Iterable[str]) -> bool:
    """Tell whether a database has all that the words name; KeyError for a word that is none."""
    return all(_has(dialect, word) for word in needed)


def _has(dialect: Dialect, word: str) -> bool:
    if word in _ATTRIBUTES:
        return _ATTRIBUTES[word](dialect)
    return Feature[word.upper()] in dialect.features
