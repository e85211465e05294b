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

Without `select` and `omit` records are models; with one of them they are dictionaries, and if `select` is a class, they
are its instances. No overload accepts a call that another accepts. Only for the two with `select` a type checker has to
look at more than the names of the arguments: for all other calls it compares one overload, and reports a mistake as it
would for a single signature.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from prisma.generator.render.methods import Parameter, Scope, write_overload
from prisma.generator.writer import Writer

SHAPE: Final = "_ShapeT"


def write_shape_variable(writer: Writer) -> None:
    """Write the type variable of the classes that `select` takes."""
    writer.line(f'{SHAPE} = {writer.name("typing", "TypeVar")}("{SHAPE}")')


def write_overloads(scope: Scope, opening: str, parameters: Sequence[Parameter], returns: Callable[[str], str]) -> None:
    """Write the overloads; `returns` makes the result's type of the type of a record."""
    row = scope.type("{}Row")
    select = replace(scope.required("select", "{}Select"), is_keyword_only=True)
    omit = replace(scope.required("omit", "{}Omit"), is_keyword_only=True)
    without_include = [
        replace(parameter, type="None") if parameter.name == "include" else parameter for parameter in parameters
    ]
    write_overload(scope, opening, parameters, returns("_PrismaModelT"))
    # Before the other one with `select`: checkers explain a mistake by the last.
    write_overload(scope, opening, _with(parameters, replace(select, type=f"type[{SHAPE}]")), returns(SHAPE))
    write_overload(scope, opening, _with(without_include, select), returns(row))
    write_overload(scope, opening, _with(parameters, omit), returns(row))


def implementation(scope: Scope, parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters of the method itself, which has those of all overloads."""
    class_ = f"type[{scope.writer.name('typing', 'Any')}]"
    select = Parameter("select", scope.union(scope.type("{}Select"), class_), True, True)
    return (*parameters, select, scope.may("omit", "{}Omit", keyword_only=True))


def _with(parameters: Sequence[Parameter], own: Parameter) -> list[Parameter]:
    """Return parameters with one more: behind those that may be given by position."""
    positional = [parameter for parameter in parameters if not parameter.is_keyword_only]
    return [*positional, own, *(parameter for parameter in parameters if parameter.is_keyword_only)]
