"""Which column each parameter of a statement of the page is for, as SQLite itself doesn't say."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = r'"((?:[^"]|"")*)"'
_TABLE: Final = re.compile(rf"(?:insert into|update|delete from) {_NAME} ", re.IGNORECASE)
_COMPARED: Final = re.compile(rf"{_NAME} = \?|\?")
_INSERTED: Final = re.compile(r'insert into "(?:[^"]|"")*" \(([^()]*)\) values ', re.IGNORECASE)


def table_of(sql: str) -> str | None:
    """Return the table that a statement of the page changes, if it changes one."""
    found = _TABLE.match(sql)
    return found and _unquoted(found[1])


def columns_of_parameters(sql: str, number: int) -> list[str | None]:
    """Return the columns that the parameters of a change are for; None for those that can't be told."""
    inserted = _INSERTED.match(sql)
    if inserted:
        names: list[str | None] = [_unquoted(name) for name in re.findall(_NAME, inserted[1])]
        # Every row has all columns; a value that is no parameter would shift the rest.
        if names and number % len(names) == 0 and sql.count("?") == number:
            return names * (number // len(names))
        return [None] * number
    found = [None if match[1] is None else _unquoted(match[1]) for match in _COMPARED.finditer(sql)]
    return found if len(found) == number else [None] * number


def _unquoted(name: str) -> str:
    return name.replace('""', '"')
