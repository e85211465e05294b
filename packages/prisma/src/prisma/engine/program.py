"""Programs: executable plans, which are immutable and shared between runs and threads."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from prisma.dialects.dialect import Dialect
from prisma.engine.datamap import load_data_map
from prisma.engine.effects import Decode, Effect, RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.interpreter import Step, decoded, load, then
from prisma.engine.large_answers import LargeAnswer
from prisma.engine.record_form import RecordForm
from prisma.engine.run import Run
from prisma.engine.single_statement import SingleStatement, load_single
from prisma.plan import nodes


class Program:
    """An executable plan; `single` is there when the plan is one statement, which needs no generator to run.

    It is loaded when it is first used: a program whose results are records comes from one that often never runs.
    """

    __slots__ = ("_dialect", "_form", "_node", "_records", "_step", "single")

    single: SingleStatement | None
    _step: Step | None

    def __init__(self, node: nodes.Node, dialect: Dialect, form: RecordForm | None) -> None:
        self._node = node
        self._dialect = dialect
        self._form = form
        self._records: dict[RecordForm, Program] = {}

    def __getattr__(self, name: str) -> Any:
        """Load the program; called for what it lacks before."""
        if name not in {"single", "_step"}:
            raise AttributeError(name)
        single = load_single(self._node, self._dialect, self._form)
        # Only one of the two is loaded: loading writes and compiles source.
        self._step = None if single is not None else _load_step(self._node, self._dialect, self._form)
        self.single = single
        return single if name == "single" else self._step

    @classmethod
    def load(cls, node: nodes.Node, dialect: Dialect, form: RecordForm | None = None) -> Program:
        """Return the program of a decoded plan for a database; with a form its results are records."""
        return cls(node, dialect, form)

    @property
    def is_atomic(self) -> bool:
        """Whether nothing of it stays when it fails outside a transaction."""
        return self.single is not None or isinstance(self._node, nodes.Transaction)

    def of_records(self, form: RecordForm) -> Program:
        """Return the program whose results are records of a form; it is kept."""
        program = self._records.get(form)
        if program is None:
            program = self._records[form] = Program.load(self._node, self._dialect, form)
        return program

    def run(self, values: Sequence[Any], numbers: Sequence[int], generators: Generators) -> Generator[Effect, Any, Any]:
        """Yield effects, take their answers, and return the result: a dict, a list of dicts, None or `{"count": n}`.

        `values[i]` belongs to the request's parameter `%{i+1}`, `numbers[i]` to `Slot(i)`. A fault or a cancellation
        is thrown into the generator; it yields Rollback if it has a transaction open, and raises the error again.
        """
        if self._step is not None:
            return self._step(Run(values, numbers, generators), {})
        assert self.single is not None  # noqa: S101 - load() sets one of the two
        return _run_single(self.single, self.single.bind(values, numbers, generators))


def _load_step(node: nodes.Node, dialect: Dialect, form: RecordForm | None) -> Step:
    if form is None:
        return load(node, dialect)
    # Only the outermost data map makes the result; the others make values of the plan.
    if isinstance(node, nodes.DataMap):
        return decoded(node, dialect, load_data_map(node, dialect, form))
    return then(node, dialect, form.parsed)


def _run_single(single: SingleStatement, args: tuple[Any, ...]) -> Generator[Effect, Any, Any]:
    answer = yield (RunQuery if single.returns_rows else RunExecute)(single.sql, args)
    try:
        return single.finish(answer)
    except LargeAnswer:
        pass
    return (yield Decode(single.finish, answer, None))
