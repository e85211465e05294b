"""Renders `actions.py`: what can be done with the records of each model.

The actions themselves are written once, in the runtime: a class here gives its base the types of its model, in the
order of `prisma.client.action_types`.

Example:

    class UserActions(SyncReturningTableActions[
        _PrismaModelT, Optional[_PrismaModelT], _PrismaModelT, "types.UserWhereInput", "types.UserWhereUniqueInput",
        ...
        _prisma_model = "User"
        fields = UserFields()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prisma.generator.names import Names
from prisma.generator.render.field_refs import write_field_refs
from prisma.generator.render.fluent import fluent_class, write_fluent, write_type_vars
from prisma.generator.render.group_by import write_group_by
from prisma.generator.render.methods import Scope, action_classes, scopes
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel, Model

# The kinds of models, each with an operation that those before it lack: a model is of the last one that it can do.
_KINDS: Final = {
    "View": "findMany",
    "KeyedView": "findUnique",
    "Uncreatable": "updateOne",
    "ReturningUncreatable": "updateManyAndReturn",
    "Table": "createOne",
    "ReturningTable": "createManyAndReturn",
}
# The types of the model after the class of records and what finding one gives; how relations are loaded is in between.
_FINDS: Final = ("{}WhereInput", "{}WhereUniqueInput", "{}Include", "{}Select", "{}Omit", "{}Row", "{}OrderByInput")
_ANSWERS: Final = ("{}CountAggregateInput", "{}CountAggregateOutput", "{}NumberAggregateInput", "{}AggregateOutput")
CHANGES: Final = ("{}UpdateInput", "{}UpdateManyMutationInput")
CREATES: Final = ("{}CreateInput", "{}CreateWithoutRelationsInput", "{}UpsertInput")


def kind_of(model: Model) -> str:
    """Return the kind of a model, as the names of the runtime's classes have it."""
    return next(kind for kind, operation in reversed(_KINDS.items()) if operation in model.operations)


def render_actions(data: DataModel, names: Names, *, loads_relations: bool = False) -> str:
    """Return the text of `actions.py`."""
    fields = frozenset(names.fields.values())
    own = frozenset[str]().union(*(action_classes(names, suffix) for suffix in ("Actions", "Fields", "Fluent")))
    writer = Writer("The actions on records, by model.", own | fields)
    type_var, bound = writer.name("typing", "TypeVar"), writer.name("pydantic", "BaseModel")
    writer.line(f'_PrismaModelT = {type_var}("_PrismaModelT", bound={bound})')
    is_fluent = bool(names.interface.wait)
    if is_fluent:
        write_type_vars(writer)
    by_model = {scope.model.name: scope for scope in scopes(writer, data, names)}
    for scope in by_model.values():
        write_field_refs(scope)
        if is_fluent:
            write_fluent(scope, by_model)
        _write_class(scope, loads_relations)
    return writer.render()


def _write_class(scope: Scope, loads_relations: bool) -> None:
    writer, name = scope.writer, scope.names.classes[scope.model.name]
    base = writer.name("prisma.client", f"{scope.names.interface.prefix}{kind_of(scope.model)}Actions")
    writer.blank(2)
    writer.packed(f"class {name}Actions({base}[", _arguments(scope, loads_relations), "]):")
    with writer.deeper():
        writer.line(f"_prisma_model = {literal(scope.model.name)}")
        writer.line(f"fields = {name}Fields()")
        if scope.names.interface.wait:
            writer.line(f"_fluent = {fluent_class(scope)}")
        write_group_by(scope)


def _arguments(scope: Scope, loads_relations: bool) -> Iterator[str]:
    """Yield the type arguments of a model's base, as strings: they are for type checkers."""
    yield "_PrismaModelT"
    optional, never = f"{scope.optional}[_PrismaModelT]", scope.writer.name("typing", "Never")
    if scope.names.interface.wait:
        yield from (
            literal(f"{fluent_class(scope)}[{result}]") for result in (f"{optional}, None", f"_PrismaModelT, {never}")
        )
    else:
        yield from (optional, "_PrismaModelT")
    types = scope.writer.sibling("types", typing_only=True)
    yield from (literal(scope.type(pattern)) for pattern in (*_FINDS, "{}ScalarFieldKeys"))
    yield literal(f"{types}.RelationLoadStrategy") if loads_relations else never
    kind = kind_of(scope.model)
    changes = CHANGES if not kind.endswith("View") else ()
    creates = CREATES if kind.endswith("Table") else ()
    yield from (literal(scope.type(pattern)) for pattern in (*_ANSWERS, *changes, *creates))
