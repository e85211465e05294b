"""Renders `actions.py`: what can be done with the records of each model.

Example:

    class UserActions(SyncActions[_PrismaModelT]):
        _prisma_model = "User"
        fields = UserFields()

        def update_many(
            self,
            data: types.UserUpdateManyMutationInput,
            where: types.UserWhereInput,
            *,
            limit: Optional[int] = None,
        ) -> int:
            ...
            return self._query("updateMany", {"data": data, "where": where, "limit": limit})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from prisma.generator.names import Names
from prisma.generator.render.aggregate_methods import order, write_aggregate, write_count, write_group_by, write_raw
from prisma.generator.render.examples import Examples
from prisma.generator.render.field_refs import write_field_refs
from prisma.generator.render.fluent import fluent_class, write_fluent, write_type_vars
from prisma.generator.render.methods import Parameter, Scope, action_classes, method, scopes, write_call, write_doc
from prisma.generator.render.overloads import implementation, write_overloads, write_shape_variable
from prisma.generator.render.stream import write_stream
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel


@dataclass(frozen=True, slots=True)
class Action:
    """A method that asks the runtime for one operation.

    Attributes:
        operation: what the engine calls it.
        returns: the result's type; `{model}` means the model's class, or the dictionary that `select` gives.
        parameters, doc, example: functions of the model's scope.
        is_write: whether a batch has it too.
        loads_relations: whether calls may choose how relations are loaded, if the schema lets them.
        missing: for a query that is fluent, what it answers where there is no record.
    """

    name: str
    operation: str
    parameters: Callable[[Scope], Sequence[Parameter]]
    returns: str
    doc: str
    example: Callable[[Examples], str]
    is_write: bool = False
    loads_relations: bool = True
    missing: str | None = None

    @property
    def has_overloads(self) -> bool:
        """Whether it answers with records, of which `select` and `omit` choose the fields."""
        return "{model}" in self.returns


def _unique(scope: Scope) -> tuple[Parameter, ...]:
    return scope.required("where", "{}WhereUniqueInput"), scope.may("include", "{}Include")


def _page(scope: Scope) -> tuple[Parameter, ...]:
    keys = scope.list_of(scope.type("{}ScalarFieldKeys"))
    return (
        Parameter("skip", "int", is_optional=True),
        scope.may("where", "{}WhereInput"),
        scope.may("cursor", "{}WhereUniqueInput"),
        scope.may("include", "{}Include"),
        order(scope),
        Parameter("distinct", keys, is_optional=True),
    )


def _first(scope: Scope) -> tuple[Parameter, ...]:
    return (*_page(scope), Parameter("take", "int", is_optional=True, is_keyword_only=True))


def _many(scope: Scope) -> tuple[Parameter, ...]:
    return (Parameter("take", "int", is_optional=True), *_page(scope))


def _create_many(scope: Scope) -> tuple[Parameter, ...]:
    iterable = scope.writer.name("typing", "Iterable")
    rows = f"{iterable}[{scope.type('{}CreateWithoutRelationsInput')}]"
    skip = Parameter("skip_duplicates", "bool", is_optional=True, is_keyword_only=True)
    # Also where the database lacks it: the call raises 0.15.0's UnsupportedDatabaseError then.
    return Parameter("data", rows), skip


def _update_many(scope: Scope) -> tuple[Parameter, ...]:
    return scope.required("data", "{}UpdateManyMutationInput"), scope.required("where", "{}WhereInput"), _LIMIT


_LIMIT: Final = Parameter("limit", "int", is_optional=True, is_keyword_only=True)


# The order of parameters is part of the interface: programs pass them by position.
ACTIONS: Final = (
    Action(
        name="create",
        operation="createOne",
        parameters=lambda scope: (scope.required("data", "{}CreateInput"), scope.may("include", "{}Include")),
        returns="{model}",
        doc="Create a {name} and return it.",
        example=lambda it: f"record = {it.wait}{it.instance}.create(data={it.create()})",
        is_write=True,
    ),
    Action(
        name="create_many",
        operation="createMany",
        parameters=_create_many,
        returns="int",
        doc=(
            "Create several records of {name} at once and return how many were created.\n\nAny number of rows is "
            "written in constant memory, all or none; `data` may be a generator."
        ),
        example=lambda it: f"count = {it.wait}{it.instance}.create_many(data=[{it.create()}]{it.skipping})",
        is_write=True,
    ),
    Action(
        name="create_many_and_return",
        operation="createManyAndReturn",
        parameters=lambda scope: (*_create_many(scope), scope.may("include", "{}Include", keyword_only=True)),
        returns="{list}[{model}]",
        doc=(
            "Create several records of {name} at once and return those that were created.\n\n`include` takes relations "
            "to one record that are there already."
        ),
        example=lambda it: f"records = {it.wait}{it.instance}.create_many_and_return(data=[{it.create()}])",
        loads_relations=False,
    ),
    Action(
        name="delete",
        operation="deleteOne",
        parameters=_unique,
        returns="{optional}[{model}]",
        doc="Delete a {name} and return it as it was; None if there is no such record.",
        example=lambda it: f"record = {it.wait}{it.instance}.delete(where={it.unique()})",
        is_write=True,
    ),
    Action(
        name="find_unique",
        operation="findUnique",
        parameters=_unique,
        returns="{optional}[{model}]",
        doc="Return the {name} with the given key; None if there is no such record.",
        example=lambda it: f"record = {it.wait}{it.instance}.find_unique(where={it.unique()})",
        missing="None",
    ),
    Action(
        name="find_unique_or_raise",
        operation="findUniqueOrThrow",
        parameters=_unique,
        returns="{model}",
        doc="Return the {name} with the given key; RecordNotFoundError if there is no such record.",
        example=lambda it: f"record = {it.wait}{it.instance}.find_unique_or_raise(where={it.unique()})",
        missing="Never",
    ),
    Action(
        name="find_many",
        operation="findMany",
        parameters=_many,
        returns="{list}[{model}]",
        doc=(
            "Return the records of {name} that match.\n\nA negative `take` counts from the end; `cursor` names the "
            "record to start at."
        ),
        example=lambda it: f"records = {it.wait}{it.instance}.find_many(take=10, order={it.order()})",
    ),
    Action(
        name="find_first",
        operation="findFirst",
        parameters=_first,
        returns="{optional}[{model}]",
        doc="Return the first {name} that matches; None if there is no such record.",
        example=lambda it: f"record = {it.wait}{it.instance}.find_first(where={it.where()})",
        missing="None",
    ),
    Action(
        name="find_first_or_raise",
        operation="findFirstOrThrow",
        parameters=_first,
        returns="{model}",
        doc="Return the first {name} that matches; RecordNotFoundError if there is no such record.",
        example=lambda it: f"record = {it.wait}{it.instance}.find_first_or_raise(where={it.where()})",
        missing="Never",
    ),
    Action(
        name="update",
        operation="updateOne",
        parameters=lambda scope: (scope.required("data", "{}UpdateInput"), *_unique(scope)),
        returns="{optional}[{model}]",
        doc="Change a {name} and return it; None if there is no such record.",
        example=lambda it: f"record = {it.wait}{it.instance}.update(where={it.unique()}, data={it.update()})",
        is_write=True,
    ),
    Action(
        name="upsert",
        operation="upsertOne",
        parameters=lambda scope: (
            scope.required("where", "{}WhereUniqueInput"),
            scope.required("data", "{}UpsertInput"),
            scope.may("include", "{}Include"),
        ),
        returns="{model}",
        doc="Change a {name}, or create it if there is no such record, and return it.",
        example=lambda it: (
            f"record = {it.wait}{it.instance}.upsert(\n    where={it.unique()},\n"
            f'    data={{"create": {it.create()}, "update": {it.update()}}},\n)'
        ),
        is_write=True,
    ),
    Action(
        name="update_many",
        operation="updateMany",
        parameters=_update_many,
        returns="int",
        doc="Change all records of {name} that match, at most `limit`, and return how many there were.",
        example=lambda it: f"count = {it.wait}{it.instance}.update_many(where={it.where()}, data={it.update()})",
        is_write=True,
    ),
    Action(
        name="update_many_and_return",
        operation="updateManyAndReturn",
        parameters=lambda scope: (*_update_many(scope), scope.may("include", "{}Include", keyword_only=True)),
        returns="{list}[{model}]",
        doc=(
            "Change all records of {name} that match, at most `limit`, and return them.\n\n`include` takes relations "
            "to one record."
        ),
        example=lambda it: (
            f"records = {it.wait}{it.instance}.update_many_and_return(where={it.where()}, data={it.update()})"
        ),
        loads_relations=False,
    ),
    Action(
        name="delete_many",
        operation="deleteMany",
        parameters=lambda scope: (scope.may("where", "{}WhereInput"), _LIMIT),
        returns="int",
        doc="Delete all records of {name} that match, at most `limit`, and return how many there were.",
        example=lambda it: f"count = {it.wait}{it.instance}.delete_many(where={it.where()})",
        is_write=True,
    ),
)


def render_actions(data: DataModel, names: Names, preview_features: Iterable[str] = ()) -> str:
    """Return the text of `actions.py`."""
    fields = frozenset(names.fields.values())
    own = frozenset[str]().union(*(action_classes(names, suffix) for suffix in ("Actions", "Fields", "Fluent")))
    writer = Writer("The actions on records, by model.", own | fields)
    type_var, bound = writer.name("typing", "TypeVar"), writer.name("pydantic", "BaseModel")
    writer.line(f'_PrismaModelT = {type_var}("_PrismaModelT", bound={bound})')
    write_shape_variable(writer)
    is_fluent = bool(names.interface.wait)
    if is_fluent:
        write_type_vars(writer)
    by_model = {scope.model.name: scope for scope in scopes(writer, data, names, preview_features)}
    for scope in by_model.values():
        write_field_refs(scope)
        if is_fluent:
            write_fluent(scope, by_model)
        _write_class(scope, is_fluent=is_fluent)
    return writer.render()


def _write_class(scope: Scope, *, is_fluent: bool) -> None:
    writer, name = scope.writer, scope.names.classes[scope.model.name]
    base = writer.name("prisma.client", f"{scope.names.interface.prefix}Actions")
    writer.blank(2)
    with writer.indented(f"class {name}Actions({base}[_PrismaModelT]):"):
        writer.line(f"_prisma_model = {literal(scope.model.name)}")
        writer.line(f"fields = {name}Fields()")
        if is_fluent:
            # Not Any: it has no type for the arguments, so that mypy joins those of their values, which takes long.
            any_, fluent = writer.name("typing", "Any"), writer.name("prisma.client", "AsyncFluent")
            writer.line(f"_fluent: type[{fluent}[{any_}, {any_}]] = {fluent_class(scope)}")
        for action in ACTIONS:
            if action.operation in scope.model.operations:
                (_write_fluent_action if is_fluent and action.missing else _write_action)(scope, action)
        if "findMany" in scope.model.operations:
            write_stream(scope, _many(scope))
        write_count(scope)
        write_aggregate(scope)
        write_group_by(scope)
        write_raw(scope)


def _write_fluent_action(scope: Scope, action: Action) -> None:
    containers = {"optional": scope.optional}
    coroutine = f"{scope.writer.name('collections.abc', 'Coroutine')}[{scope.writer.name('typing', 'Any')}, Any, "
    missing = "None" if action.missing == "None" else scope.writer.name("typing", action.missing or "")

    def returns(kind: str) -> str:
        result = action.returns.format(model=kind, **containers)
        return f"{fluent_class(scope)}[{result}, {missing}]" if kind == "_PrismaModelT" else f"{coroutine}{result}]"

    parameters = _loading(scope, action)
    write_overloads(scope, f"def {action.name}", parameters, returns)
    parameters = implementation(scope, parameters)
    decorator = scope.writer.name("prisma.client", "coroutine_function")
    with method(scope, f"def {action.name}", parameters, scope.writer.name("typing", "Any"), decorator=decorator):
        write_doc(scope, action.doc, action.example(scope.examples))
        write_call(scope.writer, f"return self._fluent(self, {literal(action.operation)}, ", parameters)


def _loading(scope: Scope, action: Action) -> tuple[Parameter, ...]:
    """Return an action's parameters, with the choice how relations are loaded where there is one."""
    parameters = tuple(action.parameters(scope))
    if not scope.loads_relations or not action.loads_relations:
        return parameters
    strategy = f"{scope.writer.sibling('types', typing_only=True)}.RelationLoadStrategy"
    return (*parameters, Parameter("relation_load_strategy", strategy, True, True))


def _write_action(scope: Scope, action: Action) -> None:
    parameters = action.parameters(scope)
    containers = {"optional": scope.optional, "list": scope.writer.name("typing", "List")}
    interface = scope.names.interface
    opening, model = f"{interface.define} {action.name}", "_PrismaModelT"
    returns = action.returns.format(model=model, **containers)
    if action.has_overloads:
        parameters = _loading(scope, action)
        write_overloads(scope, opening, parameters, lambda kind: action.returns.format(model=kind, **containers))
        # Callers see the overloads.
        returns = scope.writer.name("typing", "Any")
        parameters = implementation(scope, parameters)
    with method(scope, opening, parameters, returns):
        write_doc(scope, action.doc, action.example(scope.examples))
        write_call(scope.writer, f"return {interface.wait}self._query({literal(action.operation)}, ", parameters)
