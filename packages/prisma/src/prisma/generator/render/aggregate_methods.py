"""Writes the methods of actions that answer with something else than records by key: aggregates and raw SQL.

Example:

    def count(
        self,
        select: None = None,
        take: Optional[int] = None,
        ...
    ) -> int: ...
"""

from __future__ import annotations

from typing import Final

from prisma.generator.render.methods import Parameter, Scope, method, write_doc, write_overload
from prisma.generator.writer import literal

_TAKE_AND_SKIP: Final = tuple(
    Parameter(name, "int", is_optional=True, is_keyword_only=True) for name in ("take", "skip")
)


def _count_parameters(scope: Scope, select: Parameter) -> tuple[Parameter, ...]:
    return (
        select,
        Parameter("take", "int", is_optional=True),
        Parameter("skip", "int", is_optional=True),
        scope.may("where", "{}WhereInput"),
        scope.may("cursor", "{}WhereUniqueInput"),
        order(scope, is_keyword_only=True),
    )


def order(scope: Scope, *, is_keyword_only: bool = False) -> Parameter:
    """Return the parameter for the order of records."""
    one = scope.type("{}OrderByInput")
    return Parameter("order", scope.union(one, scope.list_of(one)), is_optional=True, is_keyword_only=is_keyword_only)


def write_count(scope: Scope) -> None:
    """Write `count`, which returns an int, or a dictionary if fields are selected."""
    select, output = scope.type("{}CountAggregateInput"), scope.type("{}CountAggregateOutput")
    for parameter, returns in ((Parameter("select", "None = None"), "int"), (Parameter("select", select), output)):
        write_overload(scope, f"{scope.names.interface.define} count", _count_parameters(scope, parameter), returns)
    # Callers see the overloads; the runtime takes any mapping.
    parameters = _count_parameters(scope, Parameter("select", f"{scope.writer.name('typing', 'Any')} = None"))
    with method(scope, f"{scope.names.interface.define} count", parameters, scope.union("int", output)):
        write_doc(
            scope,
            "Count the records of {name} that match.\n\nWith `select`, count the values of fields that are not null; "
            '"_all" counts records.',
            f"count = {scope.examples.wait}{scope.examples.instance}.count(where={scope.examples.where()})",
        )
        arguments = [f"{parameter.name}={parameter.name}" for parameter in parameters]
        scope.writer.items(f"return {scope.examples.wait}self._count(", arguments, ")")


def write_group_by(scope: Scope) -> None:
    """Write `group_by`."""
    field = scope.examples.field
    by = literal(field.name) if field else ""
    returns = scope.list_of(scope.type("{}GroupByOutput"))
    parameters = _group_by_parameters(scope)
    with method(scope, f"{scope.names.interface.define} group_by", parameters, returns):
        write_doc(
            scope,
            "Group the records of {name} by fields and aggregate each group.\n\n`take` and `skip` need an `order`, "
            'which may name an aggregate: {{"_count": {{"field": "desc"}}}}.',
            f"groups = {scope.examples.wait}{scope.examples.instance}.group_by(by=[{by}], count=True)",
        )
        arguments = [f"{parameter.name}={parameter.name}" for parameter in parameters]
        scope.writer.items(f"return {scope.examples.wait}self._group_by(", arguments, ")")


def write_aggregate(scope: Scope) -> None:
    """Write `aggregate`."""
    count, *others = _aggregates(scope)
    parameters = (
        scope.may("where", "{}WhereInput", keyword_only=True),
        order(scope, is_keyword_only=True),
        scope.may("cursor", "{}WhereUniqueInput", keyword_only=True),
        *_TAKE_AND_SKIP,
        count,
        *others,
    )
    returns = scope.type("{}AggregateOutput")
    with method(scope, f"{scope.names.interface.define} aggregate", parameters, returns):
        write_doc(
            scope,
            "Aggregate the records of {name} that match.\n\nThe result has the keys `_count`, `_avg`, `_sum`, `_min` "
            "and `_max` that were asked for.",
            f"result = {scope.examples.wait}{scope.examples.instance}.aggregate(count=True)",
        )
        arguments = [f"{parameter.name}={parameter.name}" for parameter in parameters]
        scope.writer.items(f"return {scope.examples.wait}self._aggregate(", arguments, ")")


def _group_by_parameters(scope: Scope) -> tuple[Parameter, ...]:
    types = scope.writer.sibling("types", typing_only=True)
    keys = scope.type("{}ScalarFieldKeysT")
    by_field = scope.union(f"{types}.SortOrder", f"{types}.SortOrderInput")
    fields = f"{scope.writer.name('typing', 'Mapping')}[{keys}, {by_field}]"
    orders = (fields, scope.type("{}AggregateOrderByInput"))
    order = scope.union(*orders, scope.list_of(scope.union(*orders)))
    count, *others = _aggregates(scope)
    return (
        Parameter("by", scope.list_of(keys)),
        scope.may("where", "{}WhereInput", keyword_only=True),
        *_TAKE_AND_SKIP,
        *others,
        scope.may("having", "{}ScalarWhereWithAggregatesInput", keyword_only=True),
        count,
        Parameter("order", order, is_optional=True, is_keyword_only=True),
    )


def _aggregates(scope: Scope) -> tuple[Parameter, ...]:
    """Return the parameters that choose aggregates: the count first, then the others."""
    count = scope.union("bool", scope.type("{}CountAggregateInput"))
    return (
        Parameter("count", count, is_optional=True, is_keyword_only=True),
        *(
            scope.may(name, f"{{}}{name.capitalize()}AggregateInput", keyword_only=True)
            for name in ("avg", "sum", "min", "max")
        ),
    )


def write_raw(scope: Scope) -> None:
    """Write the actions that run SQL."""
    writer = scope.writer
    text = scope.union(writer.name("typing", "LiteralString"), writer.name("prisma.client", "Sql"))
    query = (Parameter("query", text), Parameter("*args", writer.name("typing", "Any")))
    table = scope.model.table if scope.model.table.islower() else f'"{scope.model.table}"'
    rows = " ".join(("SELECT * FROM", table))
    with method(
        scope, f"{scope.names.interface.define} query_raw", query, f"{writer.name('typing', 'List')}[_PrismaModelT]"
    ):
        write_doc(
            scope,
            "Run SQL and return its rows as records of {name}.",
            f"records = {scope.examples.wait}{scope.examples.instance}.query_raw('{rows} LIMIT $1', 10)",
        )
        writer.line(f"return {scope.examples.wait}self._query_raw(query, *args)")
    with method(scope, f"{scope.names.interface.define} query_first", query, f"{scope.optional}[_PrismaModelT]"):
        write_doc(
            scope,
            "Run SQL and return its first row as a {name}; None if there are no rows.",
            f"record = {scope.examples.wait}{scope.examples.instance}.query_first('{rows}')",
        )
        writer.line(f"return {scope.examples.wait}self._query_first(query, *args)")
