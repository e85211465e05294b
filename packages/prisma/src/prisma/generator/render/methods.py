"""Writes the parts of a method: its parameters, signature, docstring and call of the runtime.

Example:

    def delete_many(
        self,
        where: Optional[types.UserWhereInput] = None,
        *,
        limit: Optional[int] = None,
    ) -> int:
        ...
        return self._query("deleteMany", {"where": where, "limit": limit})
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from prisma.generator.names import Names
from prisma.generator.render.examples import Examples
from prisma.generator.writer import LINE_LENGTH, Writer, literal
from prisma.schema.datamodel import DataModel, Model

# The depth of a method's body, in characters.
_BODY: Final = 8


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action.

    `type` is a Python expression. An optional parameter is None by default; with the type None it can be nothing else,
    and is there to keep the positions of the others.
    """

    name: str
    type: str
    is_optional: bool = False
    is_keyword_only: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What writing one model's actions needs.

    `loads_relations` says that calls choose how relations are loaded.
    """

    writer: Writer
    names: Names
    model: Model
    examples: Examples
    loads_relations: bool = False
    optional: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "optional", self.writer.name("typing", "Optional"))

    def type(self, pattern: str) -> str:
        """Return a reference to a type of the model."""
        return f"{self.writer.sibling('types', typing_only=True)}.{self.names.of(self.model, pattern)}"

    def list_of(self, item: str) -> str:
        return f"{self.writer.name('typing', 'List')}[{item}]"

    def union(self, *members: str) -> str:
        return f"{self.writer.name('typing', 'Union')}[{', '.join(members)}]"

    def required(self, name: str, pattern: str) -> Parameter:
        return Parameter(name, self.type(pattern))

    def may(self, name: str, pattern: str, *, keyword_only: bool = False) -> Parameter:
        return Parameter(name, self.type(pattern), is_optional=True, is_keyword_only=keyword_only)


def action_classes(names: Names, suffix: str) -> frozenset[str]:
    return frozenset(f"{name}{suffix}" for name in names.classes.values())


def scopes(writer: Writer, data: DataModel, names: Names, preview_features: Iterable[str] = ()) -> Iterator[Scope]:
    """Yield the scope of each model."""
    enums = {enum.name: enum for enum in data.enums}
    for model in data.models:
        yield Scope(writer, names, model, Examples(model, enums, names), "relationJoins" in preview_features)


@contextmanager
def method(
    scope: Scope, opening: str, parameters: Sequence[Parameter], returns: str, *, decorator: str | None = None
) -> Generator[None]:
    """Write a method's signature, one parameter a line, and what the block writes as its body."""
    scope.writer.blank()
    if decorator is not None:
        scope.writer.line(f"@{decorator}")
    with scope.writer.indented(f"{opening}("):
        write_parameters(scope, parameters)
    with scope.writer.indented(f") -> {returns}:"):
        yield


def write_overload(scope: Scope, opening: str, parameters: Sequence[Parameter], returns: str) -> None:
    """Write a signature that only type checkers see."""
    scope.writer.blank()
    scope.writer.line(f"@{scope.writer.name('typing', 'overload')}")
    with scope.writer.indented(f"{opening}("):
        write_parameters(scope, parameters)
    scope.writer.line(f") -> {returns}: ...")


def write_parameters(scope: Scope, parameters: Sequence[Parameter]) -> None:
    scope.writer.line("self,")
    keyword_only = False
    for parameter in parameters:
        if parameter.is_keyword_only and not keyword_only:
            scope.writer.line("*,")
            keyword_only = True
        if parameter.is_optional and parameter.type == "None":
            scope.writer.line(f"{parameter.name}: None = None,")
        elif parameter.is_optional:
            scope.writer.annotated(f"{parameter.name}: ", f"{scope.optional}[{parameter.type}]", " = None,")
        else:
            scope.writer.annotated(f"{parameter.name}: ", parameter.type, ",")


def write_doc(scope: Scope, text: str, example: str) -> None:
    summary = text.format(name=scope.model.name)
    scope.writer.doc(f"{summary}\n\nExample:\n\n    " + example.replace("\n", "\n    "))


def write_call(writer: Writer, opening: str, parameters: Sequence[Parameter]) -> None:
    arguments = [f"{literal(parameter.name)}: {parameter.name}" for parameter in parameters]
    single = f"{opening}{{{', '.join(arguments)}}})"
    if len(single) <= LINE_LENGTH - _BODY:
        writer.line(single)
        return
    start, _, first = opening.partition("(")
    with writer.indented(f"{start}(", ")"):
        for argument in first.rstrip(", ").split(", "):
            writer.line(f"{argument},")
        writer.items("{", arguments, "},")
