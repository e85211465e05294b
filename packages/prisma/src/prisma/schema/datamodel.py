"""The models and enums of a schema, with the facts that the generator needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

FieldKind: TypeAlias = Literal["scalar", "enum", "relation"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model; `type` names a scalar, an enum or the related model.

    `native_type` is the database type that the schema chose and its arguments: `("Decimal", "10", "2")`.
    `generator` is the function that makes the default in the client, and its arguments: `("uuid", 4)`.
    `relation_from` are the fields of the foreign key, if the relation's record holds it; both sides of a relation share
    `relation_name`.
    """

    name: str
    kind: FieldKind
    type: str
    db_name: str
    is_list: bool
    is_required: bool
    is_id: bool
    is_unique: bool
    is_read_only: bool
    has_default: bool
    is_updated_at: bool
    native_type: tuple[str, ...]
    documentation: str
    relation_from: tuple[str, ...]
    relation_name: str = ""
    generator: tuple[str | int, ...] = ()

    @property
    def is_relation(self) -> bool:
        return self.kind == "relation"

    @property
    def is_required_on_create(self) -> bool:
        """Whether a record can't be created without the field.

        Relations are never required: the foreign key's fields can be given instead, and the other way round.
        """
        optional = self.has_default or self.is_updated_at or self.is_read_only or self.is_list or self.is_relation
        return self.is_required and not optional


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key or a unique index over several fields; `name` is the one used in a unique `where`."""

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model or a view.

    `operations` holds Prisma's names of what can be done with it (`findMany`, `createOne`, …); `constraints` maps the
    names of constraints in the database to fields. `indexes` are the fields of each index, of primary keys and unique
    ones among them, in their order.
    """

    name: str
    table: str
    db_schema: str | None
    fields: tuple[Field, ...]
    primary_key: Key | None
    uniques: tuple[Key, ...]
    operations: frozenset[str]
    constraints: dict[str, tuple[str, ...]]
    documentation: str
    instance_name: str | None
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def scalars(self) -> tuple[Field, ...]:
        """Every field but the relations."""
        return tuple(field for field in self.fields if not field.is_relation)

    @property
    def relations(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_relation)

    @property
    def compound_keys(self) -> tuple[Key, ...]:
        return ((self.primary_key,) if self.primary_key else ()) + self.uniques

    @property
    def relation_indexes(self) -> tuple[tuple[str, ...], ...]:
        """The indexes that begin with the fields of a foreign key, in any order."""
        keys = [set(field.relation_from) for field in self.relations if field.relation_from]
        return tuple(index for index in self.indexes if any(set(index[: len(key)]) == key for key in keys))

    def field(self, name: str) -> Field:
        """Return a field; KeyError when there is none of this name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum: its name in programs and the text in the database."""

    name: str
    db_name: str
    documentation: str


@dataclass(frozen=True, slots=True)
class Enum:
    name: str
    values: tuple[EnumValue, ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class DataModel:
    """All models and enums, in the schema's order."""

    models: tuple[Model, ...]
    enums: tuple[Enum, ...]

    def inverse(self, model: Model, field: Field) -> Field:
        """Return the field at the other side of a relation."""
        others = (other for other in self.model(field.type).relations if other.relation_name == field.relation_name)
        return next(other for other in others if (field.type, other.name) != (model.name, field.name))

    def model(self, name: str) -> Model:
        """Return a model; KeyError when there is none of this name."""
        for model in self.models:
            if model.name == name:
                return model
        raise KeyError(name)
