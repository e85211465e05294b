"""Runs of plans without a database: answers are given as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.effects import RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.interpreter import load
from prisma.engine.run import Run
from prisma.plan.nodes import Node

NOW = datetime(2024, 5, 6, 7, 8, 9, 123456, UTC)


@pytest.fixture
def generators() -> Generators:
    """Generators whose clock stands still and whose random bytes are the same in every test."""
    return Generators(clock=lambda: NOW, random_bytes=Random(1).randbytes)


@pytest.fixture
def interpret(generators: Generators) -> Callable[..., tuple[list[Any], Any]]:
    """Run a node: answers in order, an exception among them is thrown; returns the effects and the result."""

    def interpret(
        node: Node, answers: Any = (), scope: Any = None, values: Any = (), numbers: Any = ()
    ) -> tuple[list[Any], Any]:
        effects: list[Any] = []
        flow = load(node, POSTGRESQL)(Run(values, numbers, generators), dict(scope or {}))
        remaining = iter(answers)
        try:
            effect = next(flow)
            while True:
                if isinstance(effect, RunQuery | RunExecute):
                    effects.append((effect.sql, *effect.args))
                else:
                    effects.append(type(effect).__name__)
                answer = next(remaining)
                effect = flow.throw(answer) if isinstance(answer, BaseException) else flow.send(answer)
        except StopIteration as end:
            return effects, end.value

    return interpret
