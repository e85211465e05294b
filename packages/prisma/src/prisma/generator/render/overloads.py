"""Writes the overloads of an action that answers with records.

Example:

    @overload
    def create(
        self,
        data: types.UserCreateInput,
        include: None = None,
        *,
        select: types.UserSelect,
    ) -> types.UserRow: ...

Without `select` and `omit` records are models; with one of them they are dictionaries. No overload accepts a call that
another accepts, so that a type checker knows by the names of the arguments which one is meant. It compares them once,
and reports a mistake as it would for a single signature.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from prisma.generator.render.methods import Parameter, Scope, write_overload


def write_overloads(scope: Scope, opening: str, parameters: Sequence[Parameter], returns: Callable[[str], str]) -> None:
    """Write the overloads; `returns` makes the result's type of the type of a record."""
    row = scope.type("{}Row")
    select = replace(scope.required("select", "{}Select"), is_keyword_only=True)
    omit = replace(scope.required("omit", "{}Omit"), is_keyword_only=True)
    without_include = [
        replace(parameter, type="None") if parameter.name == "include" else parameter for parameter in parameters
    ]
    write_overload(scope, opening, parameters, returns("_PrismaModelT"))
    write_overload(scope, opening, _with(without_include, select), returns(row))
    write_overload(scope, opening, _with(parameters, omit), returns(row))


def implementation(scope: Scope, parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters of the method itself, which has those of all overloads."""
    select, omit = (scope.may(name, f"{{}}{name.capitalize()}", keyword_only=True) for name in ("select", "omit"))
    return (*parameters, select, omit)


def _with(parameters: Sequence[Parameter], own: Parameter) -> list[Parameter]:
    """Return parameters with one more: behind those that may be given by position."""
    positional = [parameter for parameter in parameters if not parameter.is_keyword_only]
    return [*positional, own, *(parameter for parameter in parameters if parameter.is_keyword_only)]
