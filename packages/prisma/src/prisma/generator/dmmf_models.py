"""The data that Prisma's CLI gives a custom generator, as pydantic models with Python's names.

The client's own generator reads the same facts as plain data.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from prisma.errors import GeneratorError

__all__ = [
    "DMMF",
    "AnyData",
    "BinaryPaths",
    "Datamodel",
    "Datasource",
    "DefaultData",
    "DefaultValue",
    "EngineType",
    "GenericData",
    "OptionalValueFromEnvVar",
    "ValueFromEnvVar",
]

PYTHON_TYPES: Final = {
    "String": "str",
    "Bytes": "fields.Base64",
    "DateTime": "datetime.datetime",
    "Boolean": "bool",
    "Int": "int",
    "Float": "float",
    "BigInt": "int",
    "Json": "fields.Json",
    "Decimal": "decimal.Decimal",
}
ATOMIC_TYPES: Final = frozenset({"Int", "BigInt", "Float"})
ConfigT = TypeVar("ConfigT", bound=BaseModel)


class _Described(BaseModel):
    """Base of the models: their fields have Python's names, and are read from the CLI's names."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, arbitrary_types_allowed=True)


class EngineType(enum.StrEnum):
    """The engines that 0.15.0 knew."""

    binary = "binary"
    library = "library"
    dataproxy = "dataproxy"

    def __str__(self) -> str:
        return self.value


class BinaryPaths(_Described):
    """Paths of engines, by platform; empty, as there are none."""

    query_engine: dict[str, str] = Field(default_factory=dict)
    introspection_engine: dict[str, str] = Field(default_factory=dict)
    migration_engine: dict[str, str] = Field(default_factory=dict)
    libquery_engine: dict[str, str] = Field(default_factory=dict)
    prisma_format: dict[str, str] = Field(default_factory=dict, alias="prismaFmt")


class ValueFromEnvVar(_Described):
    """A value, and the variable that it came from."""

    value: str
    from_env_var: str | None = None


class OptionalValueFromEnvVar(_Described):
    """A value, or the variable that has it."""

    value: str | None = None
    from_env_var: str | None = None

    def resolve(self) -> str:
        """Return the value; GeneratorError if the variable is not set."""
        if self.value is not None:
            return self.value
        value = os.environ.get(self.from_env_var or "")
        if value is None:
            raise GeneratorError(f"Environment variable not found: {self.from_env_var}.")
        return value


class Datasource(_Described):
    """A datasource block; `url` is empty where Prisma's CLI does not tell it."""

    name: str
    provider: str
    active_provider: str
    url: OptionalValueFromEnvVar = Field(default_factory=OptionalValueFromEnvVar)
    source_file_path: Path | None = None


class GeneratorBlock(_Described, Generic[ConfigT]):
    """A generator block; `config` holds its other options."""

    name: str
    output: ValueFromEnvVar | None = None
    provider: OptionalValueFromEnvVar
    config: ConfigT
    binary_targets: list[ValueFromEnvVar] = Field(default_factory=list["ValueFromEnvVar"])
    preview_features: list[str] = Field(default_factory=list)

    def has_preview_feature(self, feature: str) -> bool:
        """Return whether the block asks for a preview feature."""
        return feature in self.preview_features


class DefaultValue(_Described):
    """A default that the database or the engine computes: `{"name": "now", "args": []}`."""

    name: str
    args: Any = None


class ModelField(_Described):
    """A field; `type` names a scalar, an enum or the related model, `kind` says which."""

    name: str
    documentation: str | None = None
    kind: str
    type: str
    is_id: bool
    is_list: bool
    is_unique: bool
    is_required: bool
    is_read_only: bool
    is_generated: bool = False
    is_updated_at: bool = False
    default: DefaultValue | list[Any] | Any = None
    has_default_value: bool
    relation_name: str | None = None
    relation_on_delete: str | None = None
    relation_to_fields: list[str] | None = None
    relation_from_fields: list[str] | None = None

    @property
    def is_relational(self) -> bool:
        return self.relation_name is not None

    @property
    def is_optional(self) -> bool:
        return not (self.is_required and not self.is_relational)

    @property
    def is_atomic(self) -> bool:
        return self.type in ATOMIC_TYPES

    @property
    def required_on_create(self) -> bool:
        optional = self.has_default_value or self.is_updated_at or self.is_relational or self.is_list
        return self.is_required and not optional

    @property
    def python_type(self) -> str:
        """The type of the field's values as Python text, in the words of the generated client."""
        if self.kind == "enum":
            item = f"enums.{self.type}"
        else:
            item = f"models.{self.type}" if self.is_relational else PYTHON_TYPES.get(self.type, self.type)
        return f"List[{item}]" if self.is_list else item


class Constraint(_Described):
    """A key over several fields; `name` is the one in a unique `where`."""

    name: str
    fields: list[str]

    @model_validator(mode="before")
    @classmethod
    def _choose_name(cls, values: Any) -> Any:
        return {**values, "name": values.get("name") or "_".join(values["fields"])}


class DescribedModel(_Described):
    """A model."""

    name: str
    documentation: str | None = None
    db_name: str | None = None
    is_generated: bool = False
    compound_primary_key: Constraint | None = Field(default=None, alias="primaryKey")
    unique_indexes: list[Constraint] = Field(default_factory=list["Constraint"])
    all_fields: list[ModelField] = Field(alias="fields")

    @property
    def scalar_fields(self) -> Iterator[ModelField]:
        return (field for field in self.all_fields if not field.is_relational)

    @property
    def relational_fields(self) -> Iterator[ModelField]:
        return (field for field in self.all_fields if field.is_relational)

    @property
    def atomic_fields(self) -> Iterator[ModelField]:
        return (field for field in self.all_fields if field.is_atomic)

    @property
    def has_relational_fields(self) -> bool:
        return any(self.relational_fields)

    @property
    def id_field(self) -> ModelField | None:
        return next((field for field in self.all_fields if field.is_id), None)

    def resolve_field(self, name: str) -> ModelField:
        """Return a field; LookupError when there is none of this name."""
        for field in self.all_fields:
            if field.name == name:
                return field
        raise LookupError(f'Could not find a field with name: "{name}"')


class EnumValue(_Described):
    """A value of an enum."""

    name: str
    db_name: str | None = None


class DescribedEnum(_Described):
    """An enum."""

    name: str
    db_name: str | None = None
    values: list[EnumValue]


class Datamodel(_Described):
    """All models and enums."""

    enums: list[DescribedEnum]
    models: list[DescribedModel]
    types: list[Any] = Field(default_factory=list[Any])


class DMMF(_Described):
    """Prisma's description of the schema: `datamodel`, and as plain data the operations (`prisma_schema`)."""

    datamodel: Datamodel
    prisma_schema: Any = Field(default=None, alias="schema")


class _Empty(BaseModel):
    pass


class _AllowAll(BaseModel):
    model_config = ConfigDict(extra="allow")


class GenericData(_Described, Generic[ConfigT]):
    """The data for a generator; `ConfigT` is the model of its options in the generator block."""

    datamodel: str
    version: str
    generator: GeneratorBlock[ConfigT]
    dmmf: DMMF
    schema_path: Path
    datasources: list[Datasource]
    other_generators: list[GeneratorBlock[_AllowAll]] = Field(default_factory=list[GeneratorBlock[_AllowAll]])
    binary_paths: BinaryPaths = Field(default_factory=BinaryPaths)

    def to_params(self) -> dict[str, Any]:
        """Return the top-level facts by name, as parameters of a template."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class DefaultData(GenericData[_Empty]):
    """The data for a generator without options."""


AnyData: TypeAlias = GenericData[Any]
"""The data for any generator."""
