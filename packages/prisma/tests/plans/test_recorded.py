"""Recorded plans: given the database's recorded answers, a plan asks for the same effects and ends the same way."""

from __future__ import annotations

from typing import Any

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.effects import RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.engine.single_statement import SingleStatement
from prisma.faults import DriverFault, FaultKind
from prisma.plan.decode import decode
from prisma.plan.prepare import all_passes, prepare


def load(recording: dict[str, Any]) -> Program:
    return Program.load(prepare(decode(recording["plan"]), all_passes(POSTGRESQL, {}).values()), POSTGRESQL)


def described(effect: object) -> dict[str, Any]:
    step: dict[str, Any] = {"effect": type(effect).__name__}
    if isinstance(effect, RunQuery | RunExecute):
        step |= {"sql": effect.sql, "args": list(effect.args)}
    return step


def replay(recording: dict[str, Any], generators: Generators) -> dict[str, Any]:
    """Run the plan on the recorded answers; return what it did in the form of a recording."""
    flow = load(recording).run(recording["values"], (), generators)
    answers = iter(recording["steps"])
    steps: list[dict[str, Any]] = []
    outcome: dict[str, Any] = {"result": None, "error": None}
    try:
        effect = next(flow)
        while True:
            steps.append(described(effect))
            answer = next(answers)
            if "fault" in answer:
                effect = flow.throw(DriverFault(FaultKind(answer["fault"]["kind"]), answer["fault"]["fields"]))
            else:
                effect = flow.send(answer["answer"])
    except StopIteration as end:
        outcome["result"] = end.value
    except PlanError as error:
        outcome["error"] = {"code": error.code, "message": error.message, "meta": error.meta}
    except DriverFault as fault:
        outcome["error"] = {"kind": str(fault.kind)}
    return {"steps": steps, **outcome}


def test_replays(recording: dict[str, Any], generators: Generators) -> None:
    expected = {
        "steps": [
            {key: value for key, value in step.items() if key not in ("answer", "fault")} for step in recording["steps"]
        ],
        "result": recording["result"],
        "error": recording["error"],
    }
    # NaN is unequal to itself, its text is not.
    assert repr(replay(recording, generators)) == repr(expected)


def test_single_statement_does_what_the_generator_does(recording: dict[str, Any], generators: Generators) -> None:
    single = load(recording).single
    assert (single is not None) == recording["single"]
    if single is not None:
        [step] = recording["steps"]
        args = list(single.bind(recording["values"], (), generators))
        asked = {"effect": "RunQuery" if single.returns_rows else "RunExecute", "sql": single.sql, "args": args}
        assert asked == {key: step[key] for key in asked}
        if "answer" in step:
            assert repr(finished(single, step["answer"])) == repr((recording["result"], recording["error"]))


def finished(single: SingleStatement, answer: Any) -> tuple[Any, Any]:
    try:
        return single.finish(answer), None
    except PlanError as error:
        return None, {"code": error.code, "message": error.message, "meta": error.meta}
