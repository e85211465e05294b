"""Finds the names of unique constraints, primary keys and foreign keys, and the fields behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prisma.schema.text import Line, blocks, closing_bracket

# PostgreSQL keeps 63 bytes of a name; Prisma cuts before the suffix, so that the kind stays readable.
NAME_BYTES: Final = 63


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A relation that holds its foreign key: its field, and the scalar fields of the key."""

    field: str
    columns: tuple[str, ...]


def default_name(table: str, columns: Iterable[str], suffix: str) -> str:
    """Return Prisma's name for a constraint: table, columns and suffix, cut to the length that PostgreSQL keeps."""
    stem = "_".join((table, *columns)).encode()[: NAME_BYTES - len(suffix) - 1]
    return f"{stem.decode(errors='ignore')}_{suffix}"


def constraints(
    model: str,
    table: str,
    indexes: Iterable[Mapping[str, Any]],
    foreign_keys: Iterable[ForeignKey],
    columns: Mapping[str, str],
    foreign_key_names: Mapping[tuple[str, str], str],
) -> dict[str, tuple[str, ...]]:
    """Return the fields behind every constraint of a model, by the constraint's name.

    Args:
        indexes: the index entries of the DMMF that belong to the model.
        columns: the column of each field.
        foreign_key_names: names that the schema gives foreign keys, as `mapped_foreign_keys` returns them.
    """
    named: dict[str, tuple[str, ...]] = {}
    for index in indexes:
        fields = tuple(str(field["name"]) for field in index["fields"])
        if index["type"] == "id":
            named[index.get("dbName") or default_name(table, (), "pkey")] = fields
        elif index["type"] == "unique":
            named[index.get("dbName") or default_name(table, (columns[field] for field in fields), "key")] = fields
    for key in foreign_keys:
        name = foreign_key_names.get((model, key.field))
        named[name or default_name(table, (columns[field] for field in key.columns), "fkey")] = key.columns
    return named


def mapped_foreign_keys(datamodel: str) -> dict[tuple[str, str], str]:
    """Return the `map:` names of foreign keys by model and relation field.

    The DMMF leaves them out, so they are read from the text.
    """
    names: dict[tuple[str, str], str] = {}
    for model in blocks(datamodel):
        for line in model.lines if model.kind == "model" else ():
            name = _foreign_key_name(line)
            if name is not None:
                names[model.name, line.tokens[0].text] = name
    return names


def _foreign_key_name(line: Line) -> str | None:
    words = line.words
    for at in range(2, len(words)):
        if words[at - 1 : at + 1] == ["@", "relation"]:
            for place in range(at + 2, closing_bracket(words, at + 1)):
                if words[place : place + 2] == ["map", ":"]:
                    return line.tokens[place + 2].value
    return None
