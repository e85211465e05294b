"""Constraint names: what Prisma calls unique constraints, primary keys and foreign keys in PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

# PostgreSQL keeps 63 bytes of a name; Prisma cuts before the suffix, so that the kind stays readable.
NAME_BYTES: Final = 63

_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
_MODEL = re.compile(r"^[ \t]*model[ \t]+(\w+)[ \t]*\{(.*?)^[ \t]*\}", re.MULTILINE | re.DOTALL)
_RELATION = re.compile(
    r'^[ \t]*(?P<field>\w+)[ \t]+\w+\??(?:[ \t][^\n]*?)?@relation\((?P<arguments>(?:[^()"]|"(?:[^"\\\n]|\\.)*")*)\)',
    re.MULTILINE,
)
_MAP = re.compile(r'\bmap\s*:\s*"((?:[^"\\\n]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A relation that holds its foreign key: its field, and the scalar fields of the key."""

    field: str
    columns: tuple[str, ...]


def default_name(table: str, columns: Iterable[str], suffix: str) -> str:
    """Return Prisma's name for a constraint: table, columns and suffix, cut to what PostgreSQL keeps."""
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
    for model in _MODEL.finditer(_without_comments(datamodel)):
        for relation in _RELATION.finditer(model[2]):
            mapped = _MAP.search(relation["arguments"])
            if mapped:
                names[model[1], relation["field"]] = re.sub(r"\\(.)", r"\1", mapped[1])
    return names


def _without_comments(text: str) -> str:
    return _COMMENT_OR_STRING.sub(lambda found: found[0] if found[0].startswith('"') else "", text)
