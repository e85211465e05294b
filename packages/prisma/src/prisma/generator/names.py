"""Decides the Python names of models, fields, enums and types.

A name is that of the schema. If Python, pydantic or the client needs the name, a trailing underscore is added. If two
models would get the same attribute of the client, an error asks the schema's author to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Final

from prisma.client.records.base_model import PrismaModel
from prisma.dialects.dialect import Dialect
from prisma.dialects.postgresql import POSTGRESQL
from prisma.errors import GeneratorError
from prisma.generator.concurrency import ASYNCIO, Interface
from prisma.schema.datamodel import DataModel, Enum, Model

# The attributes of clients and batches that are no models.
CLIENT_ATTRIBUTES: Final = frozenset(
    {
        "batch_",
        "commit",
        "connect",
        "disconnect",
        "execute_raw",
        "get_metrics",
        "is_connected",
        "is_registered",
        "is_transaction",
        "primary",
        "query_first",
        "query_raw",
        "replica",
        "tx",
        "with_settings",
    }
)
MODEL_ATTRIBUTES: Final = frozenset(dir(PrismaModel)) | {"create_partial", "prisma"}
# `mro` can't be a member of any enum.
ENUM_ATTRIBUTES: Final = frozenset({"mro"})

# The types of one model, in the words that programs know from earlier releases of the client.
MODEL_TYPES: Final = (
    "{}OptionalCreateInput",
    "{}CreateInput",
    "{}OptionalCreateWithoutRelationsInput",
    "{}CreateWithoutRelationsInput",
    "{}ConnectOrCreateWithoutRelationsInput",
    "{}CreateNestedWithoutRelationsInput",
    "{}CreateManyNestedWithoutRelationsInput",
    "{}WhereUniqueInput",
    "{}UpdateInput",
    "{}UpdateManyMutationInput",
    "{}UpdateManyWithoutRelationsInput",
    "{}UpdateOneWithoutRelationsInput",
    "{}UpsertInput",
    "{}OrderByInput",
    "{}RelationFilter",
    "{}ListRelationFilter",
    "{}Include",
    "FindMany{}Args",
    "FindFirst{}Args",
    "{}WhereInput",
    "{}ScalarWhereWithAggregatesInput",
    "{}GroupByOutput",
    "{}AvgAggregateOutput",
    "{}SumAggregateOutput",
    "{}ScalarAggregateOutput",
    "{}MinAggregateOutput",
    "{}MaxAggregateOutput",
    "{}MaxAggregateInput",
    "{}MinAggregateInput",
    "{}NumberAggregateInput",
    "{}AvgAggregateInput",
    "{}SumAggregateInput",
    "{}CountAggregateInput",
    "{}CountAggregateOutput",
    "{}Keys",
    "{}ScalarFieldKeys",
    "{}ScalarFieldKeysT",
    "{}RelationalFieldKeys",
    "{}UpdateWithWhere",
    "{}UpdateManyWithWhere",
    "{}UpsertWithWhere",
    "{}UpdateToOneWithWhere",
    "{}UpsertToOne",
    "{}Select",
    "{}Omit",
    "{}Row",
    "{}CountSelect",
    "{}AggregateOutput",
    "{}AggregateOrderByInput",
)


_ENUM_TYPES: Final = ("Filter", "NullableFilter", "WithAggregatesFilter", "ListFilter", "ListUpdate")


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that had to be decided."""

    classes: Mapping[str, str]
    instances: Mapping[str, str]
    fields: Mapping[tuple[str, str], str]
    enum_members: Mapping[tuple[str, str], str]
    types: Mapping[tuple[str, str], str]
    interface: Interface = ASYNCIO
    dialect: Dialect = POSTGRESQL

    def of(self, model: Model | str, pattern: str) -> str:
        """Return the name of a model's type, e.g. for the pattern `{}WhereInput`."""
        return self.types[model if isinstance(model, str) else model.name, pattern]


def decide_names(data: DataModel, interface: Interface = ASYNCIO, dialect: Dialect = POSTGRESQL) -> Names:
    """Decide all names.

    Raises:
        GeneratorError: two models would share an attribute of the client.
    """
    members: dict[tuple[str, str], str] = {}
    fields: dict[tuple[str, str], str] = {}
    for enum in data.enums:
        members |= {
            (enum.name, name): free
            for name, free in _free_names((value.name for value in enum.values), ENUM_ATTRIBUTES).items()
        }
    for model in data.models:
        free_names = _free_names((field.name for field in model.fields), MODEL_ATTRIBUTES)
        fields |= {(model.name, name): free for name, free in free_names.items()}
    return Names(
        classes=_free_names((thing.name for thing in (*data.enums, *data.models)), frozenset()),
        instances=_instances(data.models),
        fields=fields,
        enum_members=members,
        types=_types(data.models, data.enums),
        interface=interface,
        dialect=dialect,
    )


def _free_names(names: Iterable[str], reserved: frozenset[str]) -> dict[str, str]:
    """Return a name for each name that is neither reserved nor a keyword nor one of the others."""
    names = list(names)
    taken = set(names)
    free: dict[str, str] = {}
    for name in names:
        candidate = name
        while iskeyword(candidate) or candidate in reserved or (candidate != name and candidate in taken):
            candidate += "_"
        taken.add(candidate)
        free[name] = candidate
    return free


def _instances(models: Iterable[Model]) -> dict[str, str]:
    instances: dict[str, str] = {}
    owners: dict[str, str] = {}
    for model in models:
        name = model.instance_name or model.name.lower()
        if iskeyword(name) or name in CLIENT_ATTRIBUTES:
            name += "_"
        if name in owners:
            raise GeneratorError(
                f"The models {owners[name]} and {model.name} would both be the client's attribute `{name}`; "
                f'write /// @Python(instance_name: "other_name") above one of them.'
            )
        instances[model.name] = name
        owners[name] = model.name
    return instances


def _types(models: Iterable[Model], enums: Iterable[Enum]) -> dict[tuple[str, str], str]:
    taken = {f"{enum.name}{suffix}" for enum in enums for suffix in _ENUM_TYPES}
    types: dict[tuple[str, str], str] = {}
    for model in models:
        for pattern in MODEL_TYPES:
            name = pattern.format(model.name)
            # Two models may give one name: `UserList` + `RelationFilter` and `User` + `ListRelationFilter`.
            while name in taken:
                name += "_"
            taken.add(name)
            types[model.name, pattern] = name
    return types
