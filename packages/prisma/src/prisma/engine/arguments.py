"""Arguments: each value of a plan becomes a function that computes it in a run."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, cast

from prisma.engine.conversions import outgoing
from prisma.engine.plan_error import contradiction
from prisma.engine.run import Run, Scope, lookup
from prisma.plan import nodes
from prisma.plan.passes import calendar_types
from prisma.plan.passes.literal_ilike import escape_pattern

Argument: TypeAlias = Callable[[Run, Scope], Any]

# Names that `let` binds have no percent sign.
_REQUEST_PARAMETER = re.compile(r"%([1-9]\d*)")


def request_index(param: nodes.Param) -> int | None:
    """Return the index of a parameter of the request, None for a name that a `let` binds."""
    match = _REQUEST_PARAMETER.fullmatch(param.name)
    return int(match[1]) - 1 if match else None


def load_argument(value: nodes.Value) -> Argument:
    """Return the function that computes a value."""
    return _LOADERS[type(value)](value)


def product(left: Any, right: Any) -> list[tuple[Any, Any]]:
    """Return every pair of one element of each list; a scalar counts as a list of one."""
    return list(itertools.product(as_list(left), as_list(right)))


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "product": product,
    "pattern": escape_pattern,
    **calendar_types.FUNCTIONS,
}
"""Generators whose value depends on their arguments alone."""


def as_list(value: Any) -> list[Any]:
    """Return a list itself, and anything else as the only element of one."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _literal(node: nodes.Literal) -> Argument:
    value = node.value
    return lambda run, scope: value


def _param(node: nodes.Param) -> Argument:
    name, index = node.name, request_index(node)
    if index is None:
        # It comes from a row of an earlier statement, in the form in which the driver reads.
        return lambda run, scope: outgoing(lookup(scope, name))
    return lambda run, scope: run.values[index]


def _slot(node: nodes.Slot) -> Argument:
    index = node.index
    # A negative take counts from the end: the plan does so, the statement has the number without its sign.
    return lambda run, scope: abs(run.numbers[index])


def _generator(node: nodes.Generator) -> Argument:
    args = tuple(load_argument(arg) for arg in node.args)
    maker = _GENERATORS.get(node.name)
    # Found when the plan is loaded, before any of its statements runs.
    if maker is None:
        raise contradiction(f"unknown generator {node.name!r}")
    return lambda run, scope: maker(run)(*[arg(run, scope) for arg in args])


def _list(node: nodes.ListValue) -> Argument:
    items = tuple(load_argument(item) for item in node.items)
    return lambda run, scope: [item(run, scope) for item in items]


def _constantly(function: Callable[..., Any]) -> Callable[[Run], Callable[..., Any]]:
    return lambda run: function


# `now` is the run's, not the generators': all of a plan's times are the same moment.
_GENERATORS: dict[str, Callable[[Run], Callable[..., Any]]] = {
    "now": lambda run: run.now,
    "uuid": lambda run: run.generators.uuid,
    "cuid": lambda run: run.generators.cuid,
    "ulid": lambda run: run.generators.ulid,
    "nanoid": lambda run: run.generators.nanoid,
    **{name: _constantly(function) for name, function in FUNCTIONS.items()},
}

_LOADERS: dict[type[Any], Callable[[Any], Argument]] = {
    nodes.Literal: _literal,
    nodes.Param: _param,
    nodes.Slot: _slot,
    nodes.Generator: _generator,
    nodes.ListValue: _list,
}
