"""Turns the DMMF, Prisma's description of a schema, into the datamodel of the generator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from prisma.errors import GeneratorError
from prisma.schema.constraints import ForeignKey, constraints, mapped_foreign_keys
from prisma.schema.datamodel import DataModel, Enum, EnumValue, Field, FieldKind, Key, Model
from prisma.schema.directive import parse_schema_dsl, without_directive

_KINDS: Final[dict[str, FieldKind]] = {"scalar": "scalar", "enum": "enum", "object": "relation"}
_GENERATORS: Final = frozenset({"uuid", "cuid", "nanoid", "ulid"})


def read_dmmf(described: Mapping[str, Any], operations: Mapping[str, frozenset[str]], datamodel: str) -> DataModel:
    """Return the models and enums of a DMMF.

    Args:
        described: the DMMF's `datamodel`, as `prisma.schema.parser.get_datamodel` returns it.
        operations: what can be done with each model.
        datamodel: the schema's text, for the names of foreign keys, which the DMMF leaves out.

    Raises:
        GeneratorError: the schema has something that the client does not support.
    """
    if described["types"]:
        names = ", ".join(kind["name"] for kind in described["types"])
        raise GeneratorError(f"Composite types ({names}) belong to MongoDB, which this client does not support.")
    mapped = mapped_foreign_keys(datamodel)
    return DataModel(
        models=tuple(_model(model, described["indexes"], operations, mapped) for model in described["models"]),
        enums=tuple(_enum(enum) for enum in described["enums"]),
    )


def _model(
    source: Mapping[str, Any],
    indexes: list[dict[str, Any]],
    operations: Mapping[str, frozenset[str]],
    mapped_foreign_keys: Mapping[tuple[str, str], str],
) -> Model:
    name = source["name"]
    table = source["dbName"] or name
    fields = tuple(_field(field) for field in source["fields"])
    documentation, instance_name = _documentation(name, source.get("documentation", ""))
    return Model(
        name=name,
        table=table,
        db_schema=source["schema"],
        fields=fields,
        primary_key=_key(source["primaryKey"]) if source["primaryKey"] else None,
        uniques=tuple(_key(index) for index in source["uniqueIndexes"]),
        operations=operations.get(name, frozenset()),
        constraints=constraints(
            name,
            table,
            (index for index in indexes if index["model"] == name),
            (ForeignKey(field.name, field.relation_from) for field in fields if field.relation_from),
            {field.name: field.db_name for field in fields},
            mapped_foreign_keys,
        ),
        documentation=documentation,
        instance_name=instance_name,
        indexes=tuple(_fields(index) for index in indexes if index["model"] == name and _is_ordered(index)),
    )


def _fields(index: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(field["name"] for field in index["fields"])


def _is_ordered(index: Mapping[str, Any]) -> bool:
    """Say whether an index finds equal values; those for full text and for parts of values do not."""
    return index["type"] != "fulltext" and index.get("algorithm") in {None, "BTree", "Hash"}


def _field(source: Mapping[str, Any]) -> Field:
    return Field(
        name=source["name"],
        kind=_KINDS[source["kind"]],
        type=source["type"],
        db_name=source.get("dbName") or source["name"],
        is_list=source["isList"],
        is_required=source["isRequired"],
        is_id=source["isId"],
        is_unique=source["isUnique"],
        is_read_only=source["isReadOnly"],
        has_default=source["hasDefaultValue"],
        is_updated_at=source["isUpdatedAt"],
        native_type=_native_type(source.get("nativeType")),
        documentation=source.get("documentation", ""),
        relation_from=tuple(source.get("relationFromFields", ())),
        relation_name=source.get("relationName", ""),
        generator=_generator(source.get("default")),
    )


def _generator(default: object) -> tuple[str | int, ...]:
    """Return the function of a default that the client makes and its arguments; () for any other default."""
    if not isinstance(default, Mapping):
        return ()
    function = cast("Mapping[str, Any]", default)
    return (function["name"], *function["args"]) if function["name"] in _GENERATORS else ()


def _native_type(source: tuple[str, list[str]] | None) -> tuple[str, ...]:
    return (source[0], *source[1]) if source else ()


def _key(source: Mapping[str, Any]) -> Key:
    return Key(name=source["name"] or "_".join(source["fields"]), fields=tuple(source["fields"]))


def _enum(source: Mapping[str, Any]) -> Enum:
    return Enum(
        name=source["name"],
        values=tuple(
            EnumValue(value["name"], value["dbName"] or value["name"], value.get("documentation", ""))
            for value in source["values"]
        ),
        documentation=source.get("documentation", ""),
    )


def _documentation(model: str, text: str) -> tuple[str, str | None]:
    """Split a model's comment into its text and the name of the client's attribute that its directive gives."""
    directive = parse_schema_dsl(text)
    if directive["type"] == "not_applicable":
        return text, None
    name = directive["value"]["arguments"].get("instance_name") if "value" in directive else None
    if name is None or not name.isidentifier():
        raise GeneratorError(
            f"The comment of model {model} holds @Python(…), which can't be read"
            f"{' (' + directive['error'] + ')' if 'error' in directive else ''}; "
            'write /// @Python(instance_name: "name").'
        )
    return without_directive(text), name
