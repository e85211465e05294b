"""Failures: errors of the plan and of the driver become the error classes that programs catch.

A plan's checks raise `PlanError`; the driver raises `DriverFault` for errors of the database. Arguments that do not fit
the schema come no further than `rejection_errors`.
"""

from __future__ import annotations

from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

from prisma.client.explain.nested_write_hints import with_fix
from prisma.client.explain.violations import violated_model, with_field_names
from prisma.drivers.partial_effects import may_commit
from prisma.engine.error_codes import describe
from prisma.engine.errors import EngineConnectionError
from prisma.engine.plan_error import PlanError
from prisma.errors import PrismaError, data_error
from prisma.faults import DriverFault, FaultKind
from prisma.wasm.errors import CompilerPanic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prisma.schema.metadata import Model, Schema


def interrupts(error: BaseException | None) -> bool:
    """Tell whether it breaks off from outside what runs, as a task's cancellation or Ctrl-C: then nothing may wait."""
    return error is not None and not isinstance(error, (Exception, GeneratorExit, SystemExit))


class translated:
    """Raise what a block raises from below as an error of `prisma.errors`.

    `model` is the model of the operation, which an error names unless the database says that another one is meant.
    `raw` is the SQL that is the caller's, `connecting` says that there is no connection yet.
    """

    __slots__ = ("_connecting", "_model", "_raw", "_schema")

    def __init__(
        self, schema: Schema, model: str | None = None, *, raw: str | None = None, connecting: bool = False
    ) -> None:
        self._schema = schema
        self._model = model
        self._raw = raw
        self._connecting = connecting

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Other exceptions are errors already, or no failure of an operation.
        if isinstance(exc, DriverFault | PlanError | CompilerPanic):
            raise self.error(exc) from exc

    def error(self, failure: DriverFault | PlanError | CompilerPanic) -> PrismaError:
        """Return the error for a failure."""
        if isinstance(failure, DriverFault):
            return self._driver_error(failure)
        if isinstance(failure, CompilerPanic):
            return data_error(None, f"The query compiler failed: {failure.message}", self._meta({}))
        return data_error(failure.code, with_fix(failure.code, failure.message, failure.meta), self._meta(failure.meta))

    def _driver_error(self, fault: DriverFault) -> PrismaError:
        broken = None if self._raw is not None or self._connecting else violated_model(self._schema, fault)
        fields = fault.fields if broken is None else with_field_names(broken, fault)
        described = describe(
            fault.kind, fields, field_names=partial(self._fields_of, broken), raw=self._raw is not None
        )
        if not self._connecting:
            error = data_error(described.code, described.message, self._meta(described.meta, broken))
            # Raw SQL may end the transaction itself, so that some of its effects remain.
            if self._raw is not None and may_commit(self._schema.provider, self._raw):
                error._is_undone = False  # pyright: ignore[reportPrivateUsage]
            return error
        error = data_error(described.code, described.message, described.meta)
        return EngineConnectionError(error.data, message=described.message)

    def _meta(self, meta: Mapping[str, Any], broken: Model | None = None) -> dict[str, Any]:
        model = self._model if broken is None else broken.name
        return {"modelName": model, **meta} if model is not None else dict(meta)

    def _fields_of(self, broken: Model | None, constraint: str) -> tuple[str, ...] | None:
        """Return the fields that a constraint covers; those of the model that it belongs to come first."""
        models = self._schema.models
        # Names of constraints are unique in a table only.
        for model in (broken, *models.values()):
            if model is not None and constraint in model.constraints:
                return model.constraints[constraint]
        return None


def connect_timeout(seconds: float) -> DriverFault:
    """Return the fault for a connection that was not made within the client's limit."""
    return DriverFault(FaultKind.SOCKET_TIMEOUT, {"message": f"no connection within {seconds:g} s", "timeout": seconds})
