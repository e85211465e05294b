"""Writes the method `group_by` for `actions.py`: the one action whose arguments' types depend on each other.

A call orders by the fields that it groups by: their names are bound by the model's, so no class for all models can
have the method.

Example:

    def group_by(
        self,
        by: List[types.UserScalarFieldKeysT],
        *,
        where: Optional[types.UserWhereInput] = None,
"""

from __future__ import annotations

from typing import Final

from prisma.generator.render.methods import Parameter, Scope, method

_TAKE_AND_SKIP: Final = tuple(
    Parameter(name, "int", is_optional=True, is_keyword_only=True) for name in ("take", "skip")
)


def write_group_by(scope: Scope) -> None:
    """Write `group_by`."""
    interface = scope.names.interface
    parameters = _parameters(scope)
    with method(scope, f"{interface.define} group_by", parameters, scope.list_of(scope.type("{}GroupByOutput"))):
        scope.writer.doc("Group records by fields and aggregate each group. `take` and `skip` need an `order`.")
        arguments = [f"{parameter.name}={parameter.name}" for parameter in parameters]
        scope.writer.packed(f"return {interface.wait}self._group_by(", arguments, ")")


def _parameters(scope: Scope) -> tuple[Parameter, ...]:
    types = scope.writer.sibling("types", typing_only=True)
    keys = scope.type("{}ScalarFieldKeysT")
    orders = f"{types}.GroupOrders[{keys}, {scope.type('{}AggregateOrderByInput')}]"
    count, *others = _aggregates(scope)
    return (
        Parameter("by", scope.list_of(keys)),
        scope.may("where", "{}WhereInput", keyword_only=True),
        *_TAKE_AND_SKIP,
        *others,
        scope.may("having", "{}ScalarWhereWithAggregatesInput", keyword_only=True),
        count,
        Parameter("order", orders, is_optional=True, is_keyword_only=True),
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
