"""Writes fluent queries for `actions.py`: the relations to which a query for one record can go on.

Example:

    class CustomerFluent(AsyncFluent[_ResultT, _MissingT]):
        def referrer(
            self, **arguments: Unpack[types.CustomerArgsFromCustomer]
        ) -> CustomerFluent[Union[models.Customer, None], None]:
            ...
            return self._related(CustomerFluent, "referrer", "referrer", arguments)

A synchronous call has its answer when it returns, so its interface has no fluent queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from prisma.client import AsyncFluent
from prisma.generator.render.methods import Scope
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import Field

MISSING: Final = "_MissingT"
_ATTRIBUTES: Final = frozenset(dir(AsyncFluent))


def write_type_vars(writer: Writer) -> None:
    """Write the type variables of fluent queries."""
    type_var = writer.name("typing", "TypeVar")
    for name in ("_ResultT", MISSING):
        writer.line(f'{name} = {type_var}("{name}", covariant=True)')


def fluent_class(scope: Scope) -> str:
    """Return the name of a model's fluent queries."""
    return f"{scope.names.classes[scope.model.name]}Fluent"


def write_fluent(scope: Scope, others: Mapping[str, Scope]) -> None:
    """Write the class of queries for one record of a model; `others` are the scopes of all models."""
    writer = scope.writer
    base = writer.name("prisma.client", "AsyncFluent")
    writer.blank(2)
    with writer.indented(f"class {fluent_class(scope)}({base}[_ResultT, {MISSING}]):"):
        writer.lines("__slots__ = ()", f"_model = {literal(scope.names.classes[scope.model.name])}")
        for field in scope.model.relations:
            _write_relation(scope, field, others[field.type])
    writer.blank(2)


def _write_relation(scope: Scope, field: Field, related: Scope) -> None:
    attribute = scope.names.fields[scope.model.name, field.name]
    name = attribute
    while name in _ATTRIBUTES:
        name += "_"
    writer = scope.writer
    types, models = (writer.sibling(module, typing_only=True) for module in ("types", "models"))
    record = f"{models}.{scope.names.classes[field.type]}"
    if field.is_list:
        kind, found, missing = writer.name("prisma.client", "AsyncFluent"), scope.list_of(record), MISSING
        arguments = f"{types}.FindMany{field.type}ArgsFrom{field.type}"
    else:
        kind, found, missing = fluent_class(related), record, MISSING if field.is_required else "None"
        arguments = f"{types}.{field.type}ArgsFrom{field.type}"
    unpack = writer.name("typing", "Unpack")
    writer.blank()
    result = f"{kind}[{scope.union(found, missing)}, {missing}]"
    writer.parameters(f"def {name}(", ("self", f"**arguments: {unpack}[{arguments}]"), f") -> {result}:")
    with writer.deeper():
        writer.doc(f"Go on to `{field.name}` of the {scope.model.name}; the arguments are those of an `include`.")
        writer.line(f"return self._related({kind}, {literal(field.name)}, {literal(attribute)}, arguments)")
