"""The fields of records that a request asks for (`?fields=id,name`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_type_hints

from fastapi import Query
from pydantic import BeforeValidator

MAX_WORDS = 100

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one kind of record that are shown; their names are those of the database's columns.

    `related` are relations that are shown too, each with the client's arguments for it.
    """

    names: frozenset[str]
    related: Mapping[str, Any] = field(default_factory=dict)

    def select(self, *others: str) -> dict[str, Any]:
        """Return the client's `select`: these fields, and others that are needed but not shown."""
        return {**dict.fromkeys((*sorted(self.names), *others), True), **self.related}

    def shown(self, row: Mapping[str, Any]) -> Row:
        """Return a row with only the fields that are shown."""
        if row.keys() <= self.names:
            return dict(row)
        return {name: value for name, value in row.items() if name in self.names or name in self.related}


def all_fields(shown: type) -> Fields:
    """Return all fields of a kind of record, which is a TypedDict."""
    return Fields(frozenset(get_type_hints(shown)))


def fields_of(shown: type) -> Callable[..., Awaitable[Fields]]:
    """Return the dependency that reads the query parameter `fields` for a kind of record, which is a TypedDict."""
    every = all_fields(shown)

    async def read(fields: Any) -> Fields:
        return Fields(frozenset(fields)) if fields else every

    name = Literal[tuple(sorted(every.names))]  # type: ignore[valid-type]
    description = "Fields to show, e.g. fields=id; all by default."
    read.__annotations__["fields"] = Annotated[
        list[name],  # pyright: ignore[reportInvalidTypeForm] made here, for this kind of record
        BeforeValidator(words),
        Query(default_factory=no_words, description=description),
    ]
    return read


def words(values: Iterable[str]) -> list[str]:
    """Return the words of a parameter that may be repeated and whose values may hold several: `a=b,c&a=d`.

    Raises:
        ValueError: there are more than MAX_WORDS, whose faults nobody would read.
    """
    found = [word.strip() for value in values for word in value.split(",") if word.strip()]
    if len(found) > MAX_WORDS:
        raise ValueError(f"there may be {MAX_WORDS} words at most")
    return found


def no_words() -> list[Any]:
    """Return the value of such a parameter in a request without it.

    Not `list`: FastAPI inspects the signature of the factory at every request, which is slow for a builtin.
    """
    return []
