"""Tables for MySQL: the DDL that Prisma's migrations would have.

Prisma's schema engine can't write it here: its WebAssembly has no connector for MySQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prisma.schema.parser import get_dmmf
from servers.sqlite import adapted

_TYPES = {
    "String": "VARCHAR(191)",
    "Boolean": "BOOLEAN",
    "Int": "INTEGER",
    "BigInt": "BIGINT",
    "Float": "DOUBLE",
    "Decimal": "DECIMAL(65,30)",
    "DateTime": "DATETIME(3)",
    "Json": "JSON",
    "Bytes": "LONGBLOB",
}
_ACTIONS = {"SetNull": "SET NULL", "NoAction": "NO ACTION", "SetDefault": "SET DEFAULT"}
_COLLATION = "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"


_OWN = re.compile(r'provider\s*=\s*"mysql"')

# Native types of PostgreSQL that MySQL has as well, with its names.
NATIVE_TYPES = {
    "VarChar": "VarChar",
    "SmallInt": "SmallInt",
    "Real": "Float",
    "Decimal": "Decimal",
    "Timestamptz": "Timestamp",
    "Date": "Date",
    "Time": "Time",
}


def as_mysql(schema: str, *, native_types: Mapping[str, str] | None = None) -> str:
    """Return a schema for PostgreSQL as one for MySQL, with no more than SQLite has and these native types.

    One for MySQL stays as it is.
    """
    if _OWN.search(schema):
        return schema
    return adapted(schema, "mysql", native_types or {})


def tables(files: Sequence[tuple[str, str]]) -> str:
    """Return the DDL for a schema, whose files are given by name and text."""
    datamodel = get_dmmf(list(files))["datamodel"]
    has_keys = not any('relationMode = "prisma"' in text for _, text in files)
    models = {model["name"]: model for model in datamodel["models"]}
    enums = {enum["name"]: enum for enum in datamodel["enums"]}
    statements = [_table(model, enums, datamodel["indexes"]) for model in models.values()]
    statements += _link_tables(models, has_keys=has_keys)
    if has_keys:
        statements += [key for model in models.values() for key in _foreign_keys(model, models)]
    return ";\n".join(statements)


def _table(model: Mapping[str, Any], enums: Mapping[str, Any], indexes: Sequence[Mapping[str, Any]]) -> str:
    names = _columns(model)
    parts = [_column(field, enums) for field in model["fields"] if field["kind"] != "object"]
    for index in indexes:
        if index["model"] != model["name"]:
            continue
        columns = [names[field["name"]] for field in index["fields"]]
        listed = ", ".join(f"`{column}`" for column in columns)
        if index["type"] == "id":
            parts.append(f"PRIMARY KEY ({listed})")
            continue
        ending = {"unique": "key", "normal": "idx", "fulltext": "idx"}[index["type"]]
        kind = {"unique": "UNIQUE INDEX", "normal": "INDEX", "fulltext": "FULLTEXT INDEX"}[index["type"]]
        name = index.get("dbName") or "_".join((_name(model), *columns, ending))
        parts.append(f"{kind} `{name}`({listed})")
    return f"CREATE TABLE `{_name(model)}` (\n    {f',{chr(10)}    '.join(parts)}\n) {_COLLATION}"


def _column(field: Mapping[str, Any], enums: Mapping[str, Any]) -> str:
    kind = _type(field, enums)
    parts = [f"`{_name(field)}` {kind}", "NOT NULL" if field["isRequired"] else "NULL"]
    default = field.get("default")
    match default:
        case {"name": "autoincrement"}:
            parts.append("AUTO_INCREMENT")
        case {"name": "now"}:
            parts.append("DEFAULT CURRENT_TIMESTAMP(3)")
        case {"name": "dbgenerated", "args": [text]}:
            parts.append(f"DEFAULT ({text})")
        case str() | bool() | int() | float() if field["type"] != "Bytes":
            parts.append(f"DEFAULT {_literal(default, field, enums)}")
        case _:
            pass
    return " ".join(parts)


def _type(field: Mapping[str, Any], enums: Mapping[str, Any]) -> str:
    if field["kind"] == "enum":
        values = (value["dbName"] or value["name"] for value in enums[field["type"]]["values"])
        return f"ENUM({', '.join(map(_quoted, values))})"
    native = field["nativeType"]
    if native is None:
        return _TYPES[field["type"]]
    word, arguments = native
    if (word, field["type"]) == ("TinyInt", "Boolean"):
        return "TINYINT(1)"
    if word.startswith("Unsigned"):
        return f"{word.removeprefix('Unsigned').upper()} UNSIGNED"
    return f"{word.upper()}({','.join(arguments)})" if arguments else word.upper()


def _literal(value: Any, field: Mapping[str, Any], enums: Mapping[str, Any]) -> str:
    if field["kind"] == "enum":
        found = next(each for each in enums[field["type"]]["values"] if each["name"] == value)
        return _quoted(found["dbName"] or found["name"])
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if field["type"] in {"Int", "BigInt", "Float", "Decimal"} else _quoted(str(value))


def _foreign_keys(model: Mapping[str, Any], models: Mapping[str, Any]) -> Iterator[str]:
    names = _columns(model)
    fields = {field["name"]: field for field in model["fields"]}
    for field in model["fields"]:
        if not field.get("relationFromFields"):
            continue
        other = models[field["type"]]
        own = [names[name] for name in field["relationFromFields"]]
        theirs = [_columns(other)[name] for name in field["relationToFields"]]
        is_optional = all(not fields[name]["isRequired"] for name in field["relationFromFields"])
        on_delete = field.get("relationOnDelete") or ("SetNull" if is_optional else "Restrict")
        on_update = field.get("relationOnUpdate") or "Cascade"
        yield (
            f"ALTER TABLE `{_name(model)}` ADD CONSTRAINT `{'_'.join((_name(model), *own, 'fkey'))}` "
            f"FOREIGN KEY ({_listed(own)}) REFERENCES `{_name(other)}`({_listed(theirs)}) "
            f"ON DELETE {_action(on_delete)} ON UPDATE {_action(on_update)}"
        )


def _link_tables(models: Mapping[str, Any], *, has_keys: bool) -> Iterator[str]:
    """Yield the tables of many-to-many relations."""
    ends: dict[str, list[tuple[str, str]]] = {}
    for model in models.values():
        for field in model["fields"]:
            if field["kind"] == "object" and field["isList"] and _is_linked(model, field, models):
                ends.setdefault(field["relationName"], []).append((model["name"], field["type"]))
    for relation, found in ends.items():
        first, second = sorted(found[0])
        columns = [f"`{side}` {_key_type(models[name])} NOT NULL" for side, name in (("A", first), ("B", second))]
        keys = [
            f"CONSTRAINT `_{relation}_{side}_fkey` FOREIGN KEY (`{side}`) REFERENCES `{_name(models[name])}`"
            f"({_listed([_key(models[name])])}) ON DELETE CASCADE ON UPDATE CASCADE"
            for side, name in (("A", first), ("B", second))
        ]
        parts = [
            *columns,
            f"UNIQUE INDEX `_{relation}_AB_unique`(`A`, `B`)",
            f"INDEX `_{relation}_B_index`(`B`)",
            *(keys if has_keys else []),
        ]
        yield f"CREATE TABLE `_{relation}` ({', '.join(parts)}) {_COLLATION}"


def _is_linked(model: Mapping[str, Any], field: Mapping[str, Any], models: Mapping[str, Any]) -> bool:
    others = [
        other
        for other in models[field["type"]]["fields"]
        if other.get("relationName") == field["relationName"] and other is not field
    ]
    return all(other["isList"] for other in others)


def _key(model: Mapping[str, Any]) -> str:
    return next(_name(field) for field in model["fields"] if field["isId"])


def _key_type(model: Mapping[str, Any]) -> str:
    return next(_type(field, {}) for field in model["fields"] if field["isId"])


def _columns(model: Mapping[str, Any]) -> dict[str, str]:
    return {field["name"]: _name(field) for field in model["fields"] if field["kind"] != "object"}


def _name(item: Mapping[str, Any]) -> str:
    return item.get("dbName") or item["name"]


def _action(word: str) -> str:
    return _ACTIONS.get(word, word.upper())


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
