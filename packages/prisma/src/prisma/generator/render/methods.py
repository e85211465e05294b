"""Writes the signature of a method, and says what writing the classes of a model needs.

Example:

    def group_by(
        self,
        by: List[types.UserScalarFieldKeysT],
        *,
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from prisma.generator.names import Names
from prisma.generator.writer import Writer
from prisma.schema.datamodel import DataModel, Model


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action: `type` is a Python expression, and an optional one is None by default."""

    name: str
    type: str
    is_optional: bool = False
    is_keyword_only: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What writing one model's actions needs."""

    writer: Writer
    names: Names
    model: Model

    @property
    def optional(self) -> str:
        return self.writer.name("typing", "Optional")

    def type(self, pattern: str) -> str:
        """Return a reference to a type of the model."""
        return f"{self.writer.sibling('types', typing_only=True)}.{self.names.of(self.model, pattern)}"

    def list_of(self, item: str) -> str:
        return f"{self.writer.name('typing', 'List')}[{item}]"

    def union(self, *members: str) -> str:
        return f"{self.writer.name('typing', 'Union')}[{', '.join(members)}]"

    def may(self, name: str, pattern: str, *, keyword_only: bool = False) -> Parameter:
        return Parameter(name, self.type(pattern), is_optional=True, is_keyword_only=keyword_only)


def action_classes(names: Names, suffix: str) -> frozenset[str]:
    return frozenset(f"{name}{suffix}" for name in names.classes.values())


def scopes(writer: Writer, data: DataModel, names: Names) -> Iterator[Scope]:
    """Yield the scope of each model."""
    for model in data.models:
        yield Scope(writer, names, model)


@contextmanager
def method(scope: Scope, opening: str, parameters: Sequence[Parameter], returns: str) -> Generator[None]:
    """Write a method's signature, one parameter a line, and what the block writes as its body."""
    scope.writer.blank()
    with scope.writer.indented(f"{opening}("):
        _write_parameters(scope, parameters)
    with scope.writer.indented(f") -> {returns}:"):
        yield


def _write_parameters(scope: Scope, parameters: Sequence[Parameter]) -> None:
    scope.writer.line("self,")
    keyword_only = False
    for parameter in parameters:
        if parameter.is_keyword_only and not keyword_only:
            scope.writer.line("*,")
            keyword_only = True
        if parameter.is_optional:
            scope.writer.annotated(f"{parameter.name}: ", f"{scope.optional}[{parameter.type}]", " = None,")
        else:
            scope.writer.annotated(f"{parameter.name}: ", parameter.type, ",")
