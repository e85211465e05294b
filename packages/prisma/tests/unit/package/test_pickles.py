"""Errors that were copied or pickled equal the originals."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from prisma import errors
from prisma.cli.project.errors import CommandError
from prisma.compiler.errors import CompilerError
from prisma.engine.errors import EngineRequestError, MismatchedVersionsError, UnprocessableEntityError
from prisma.engine.plan_error import PlanError
from prisma.generator.partial_types import PartialTypeGeneratorError
from prisma.migrate.errors import MigrateError
from prisma.plan.values import PlanFormatError
from prisma.schema.errors import SchemaError
from prisma.wasm.errors import CompilerPanic, ModuleMismatchError

DATA = errors.data_error("P2002", "It failed.", {"target": ["email"], "modelName": "User"})
# What the constructors take, where that is not the data of a DataError or nothing.
ARGUMENTS: dict[type[errors.PrismaError], tuple[Any, ...]] = {
    errors.UnsupportedDatabaseError: ("sqlite", "Streaming"),
    errors.InvalidModelError: (dict,),
    errors.InvalidShapeError: ("It does not fit.", dict, "name"),
    errors.UnknownModelError: ("User",),
    errors.UnknownRelationalFieldError: ("User", "posts"),
    errors.UnsupportedListTypeError: ("Json",),
    SchemaError: ("wrong",),
    CompilerError: ("refused", "P2009", {"kind": "Union"}),
    CompilerPanic: ("panicked",),
    ModuleMismatchError: ("a.wasm", "it is missing"),
    PlanFormatError: ("KeyError",),
    EngineRequestError: (None, "body"),
    UnprocessableEntityError: (None, "body"),
    MigrateError: ("P3009", "failed migrations"),
    CommandError: ("no such file",),
    PartialTypeGeneratorError: ("no such model",),
    PlanError: ("P2025", "missing", {"operation": "connect"}),
}


def classes(base: type[errors.PrismaError]) -> Iterator[type[errors.PrismaError]]:
    yield base
    for cls in base.__subclasses__():
        yield from classes(cls)


def made(cls: type[errors.PrismaError]) -> errors.PrismaError:
    if cls is MismatchedVersionsError:
        return MismatchedVersionsError(expected="7.1", got="7.2")
    if cls in ARGUMENTS:
        return cls(*ARGUMENTS[cls])
    if issubclass(cls, errors.DataError):
        return cls(DATA.data, message="A sentence of its own.")
    try:
        return cls()
    except TypeError:
        return cls("It failed.")


def state(error: BaseException) -> Any:
    return type(error), str(error), error.args, vars(error)


# Tests declare further error classes, which are never pickled.
OURS = [cls for cls in dict.fromkeys(classes(errors.PrismaError)) if cls.__module__.startswith("prisma.")]
DOUBLED: list[Callable[[Any], Any]] = [
    copy.copy, copy.deepcopy, *(lambda error, p=p: pickle.loads(pickle.dumps(error, p)) for p in range(6)),
]  # fmt: skip


@pytest.mark.parametrize("cls", OURS, ids=[cls.__name__ for cls in OURS])
def test_every_error_can_be_copied_and_pickled(cls: type[errors.PrismaError]) -> None:
    error = made(cls)
    error.add_note("seen by a test")
    assert [state(double(error)) for double in DOUBLED] == [state(error)] * len(DOUBLED)


class OwnError(errors.DataError):
    """An error of a program, with a constructor of its own."""

    def __init__(self, order: int) -> None:
        super().__init__(DATA.data, message=f"Order {order} exists.")
        self.order = order


def fail(number: int) -> None:
    raise (
        errors.UniqueViolationError(DATA.data, message="Unique constraint failed") if number == 1 else OwnError(number)
    )


def test_errors_leave_other_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        caught = [processes.submit(fail, number).exception() for number in (1, 7)]
    assert [(type(error), str(error), getattr(error, "meta", None)) for error in caught] == [
        (errors.UniqueViolationError, "Unique constraint failed", DATA.meta),
        (OwnError, "Order 7 exists.", DATA.meta),
    ]
    assert getattr(caught[1], "order", None) == 7
