"""Writes the method `stream` for `actions.py`: find_many, record by record.

Example:

    def stream(
        self,
        take: Optional[int] = None,
        ...
        batch_size: Optional[int] = None,
    ) -> Generator[_PrismaModelT, None, None]: ...
"""

from __future__ import annotations

from collections.abc import Sequence

from prisma.generator.render.methods import Parameter, Scope, method, write_doc
from prisma.generator.render.overloads import implementation, write_overloads
from prisma.generator.writer import literal


def write_stream(scope: Scope, parameters: Sequence[Parameter]) -> None:
    """Write `stream`, with the parameters of find_many."""
    waits = bool(scope.examples.wait)
    iterator = scope.writer.name("collections.abc", "AsyncGenerator" if waits else "Generator")
    size = Parameter("batch_size", "int", is_optional=True, is_keyword_only=True)

    def of(record: str) -> str:
        return f"{iterator}[{record}, None]" if waits else f"{iterator}[{record}, None, None]"

    write_overloads(scope, "def stream", (*parameters, size), of)
    taken = implementation(scope, parameters)
    with method(scope, "def stream", (*taken, size), of(scope.writer.name("typing", "Any"))):
        write_doc(
            scope,
            "Yield the records of {name} that match, one by one and in constant memory.\n\nThe database hands out "
            "`batch_size` of them at a time (default 1,000), from a cursor inside a transaction.",
            f"{'async ' if waits else ''}for record in {scope.examples.instance}.stream("
            f"order={scope.examples.order()}):\n    print(record)",
        )
        with scope.writer.indented("return self._stream(", ")"):
            arguments = [f"{literal(parameter.name)}: {parameter.name}" for parameter in taken]
            scope.writer.items("{", arguments, "},")
            scope.writer.line("batch_size,")
