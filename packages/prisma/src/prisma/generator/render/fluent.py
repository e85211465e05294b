"""Fluent queries: what a query for one record may go on to, by model.

A synchronous call has its answer when it returns, so its interface has none of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from prisma.client import AsyncFluent
from prisma.generator.model import Field
from prisma.generator.render.methods import Parameter, Scope, method, write_call
from prisma.generator.render.questions import order
from prisma.generator.writer import Writer, literal

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
    kind, parameters, returns = _many(related) if field.is_list else _one(field, related)
    with method(scope, f"def {name}", parameters, returns):
        scope.writer.doc(f"Go on to `{field.name}` of the {scope.model.name}.")
        path = f"{kind}, {literal(field.name)}, {literal(attribute)}"
        write_call(scope.writer, f"return self._related({path}, ", parameters)


def _many(related: Scope) -> tuple[str, tuple[Parameter, ...], str]:
    writer = related.writer
    keys = related.list_of(related.type("{}ScalarFieldKeys"))
    parameters = (
        related.may("where", "{}WhereInput", keyword_only=True),
        related.may("include", "{}Include", keyword_only=True),
        Parameter("take", "int", is_optional=True, is_keyword_only=True),
        Parameter("skip", "int", is_optional=True, is_keyword_only=True),
        related.may("cursor", "{}WhereUniqueInput", keyword_only=True),
        order(related, is_keyword_only=True),
        Parameter("distinct", keys, is_optional=True, is_keyword_only=True),
    )
    base = writer.name("prisma.client", "AsyncFluent")
    found = related.union(related.list_of(_record(related)), MISSING)
    return base, parameters, f"{base}[{found}, {MISSING}]"


def _one(field: Field, related: Scope) -> tuple[str, tuple[Parameter, ...], str]:
    missing = MISSING if field.is_required else "None"
    kind = fluent_class(related)
    returns = f"{kind}[{related.union(_record(related), missing)}, {missing}]"
    return kind, (related.may("include", "{}Include", keyword_only=True),), returns


def _record(scope: Scope) -> str:
    models = scope.writer.sibling("models", typing_only=True)
    return f"{models}.{scope.names.classes[scope.model.name]}"
