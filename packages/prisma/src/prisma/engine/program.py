"""Programs: plans made executable, immutable, shared between runs and threads."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from prisma.engine.effects import Effect, RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.interpreter import Step, load
from prisma.engine.scope import Run
from prisma.engine.single import SingleStatement, load_single
from prisma.plan import nodes


@dataclass(frozen=True, slots=True)
class Program:
    """An executable plan; `single` is there when the plan is one statement, which needs no generator to run."""

    single: SingleStatement | None
    _step: Step | None

    @classmethod
    def load(cls, node: nodes.Node) -> Program:
        """Return the program of a decoded plan."""
        single = load_single(node)
        return cls(single, load(node) if single is None else None)

    def run(self, values: Sequence[Any], numbers: Sequence[int], generators: Generators) -> Generator[Effect, Any, Any]:
        """Yield effects, take their answers, and return the result: a dict, a list of dicts, None or `{"count": n}`.

        `values[i]` belongs to the request's parameter `%{i+1}`, `numbers[i]` to `Slot(i)`. A fault or a cancellation
        is thrown into the generator; it yields Rollback if it has a transaction open, and raises the error again.
        """
        if self._step is not None:
            return self._step(Run(values, numbers, generators), {})
        assert self.single is not None  # noqa: S101 - load() sets one of the two
        return _run_single(self.single, self.single.bind(values, numbers, generators))


def _run_single(single: SingleStatement, args: tuple[Any, ...]) -> Generator[Effect, Any, Any]:
    answer = yield (RunQuery if single.returns_rows else RunExecute)(single.sql, args)
    return single.finish(answer)
