"""The schema engine, with a method for each call that commands make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prisma.schema.legacy import accepted
from prisma.schema_engine.adapter import Adapter
from prisma.schema_engine.answers import (
    DataLoss,
    Difference,
    HistoryDiagnosis,
    Introspection,
    NewMigration,
    Push,
    Remark,
    View,
)
from prisma.schema_engine.errors import SchemaEngineError
from prisma.schema_engine.host import EngineHost
from prisma.schema_engine.interrupts import Interrupts
from prisma.wasm import runtime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from prisma.faults import DriverFault
    from prisma.schema_engine.database import Database

    Files = Sequence[tuple[str, str]]
    """A schema's files, as pairs of path and text, as they are on the disk."""

_FAILED_IN_SHADOW: Final = "P3006"
NO_FILTERS: Final[Mapping[str, Sequence[str]]] = {"externalTables": [], "externalEnums": []}


class SchemaEngine:
    """One engine on one database, with the schema that it is about. Make one call after the other.

    Ctrl-C ends the statement that runs, on the server, and then the call.

    Args:
        database: where the engine works.
        files: the project's schema. `reset` needs it, to know all schemas of the database.

    Raises:
        what the database's methods raise for a connection that can't be made.
    """

    def __init__(self, database: Database, files: Files = ()) -> None:
        with runtime.LOCK:
            self._host = EngineHost()
        self._interrupts = Interrupts()
        self._adapter = Adapter(database, self._host.loop, self._interrupts)
        options = {"datamodels": [list(file) for file in _accepted(files)]} if files else {}
        try:
            self._handle = self._answer("schemaengine_new", options, _ignore, self._adapter.factory())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> SchemaEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine's memory back; the connections are the database's."""
        with runtime.LOCK:
            self._host.close()

    def call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """Call one of the engine's methods, named as in `@prisma/schema-engine-wasm`, and return its answer.

        Raises:
            SchemaEngineError: the engine refused; the cause is what the database refused, if it did.
            SchemaEnginePanic: the engine broke off, and is of no more use.
            KeyboardInterrupt, and what the database's methods raise beside DriverFault.
        """
        return self._answer(f"schemaengine_{method}", self._handle, parameters)

    def diff(self, before: Mapping[str, Any], after: Mapping[str, Any], *, script: bool, exit_code: bool) -> Difference:
        """Compare two schemas; `prisma.schema_engine.targets` makes descriptions of them."""
        answer = self.call(
            "diff",
            {
                "from": before,
                "to": after,
                "script": script,
                "exitCode": exit_code,
                "shadowDatabaseUrl": None,
                "filters": NO_FILTERS,
            },
        )
        return Difference(int(answer["exitCode"]), answer["stdout"] or "")

    def schema_push(self, files: Files, *, force: bool) -> Push:
        """Make the database like the schema; with `force` also where data is lost."""
        answer = self.call("schemaPush", {"schema": container(files), "force": force, "filters": NO_FILTERS})
        return Push(int(answer["executedSteps"]), tuple(answer["warnings"]), tuple(answer["unexecutable"]))

    def reset(self) -> None:
        """Remove everything from the database's schemas."""
        self.call("reset", {"filter": NO_FILTERS})

    def dev_diagnostic(self, migrations: Mapping[str, Any]) -> str | None:
        """Return why the database must be reset before a migration can be made; None if it need not."""
        action = self.call("devDiagnostic", {"migrationsList": migrations, "filters": NO_FILTERS})["action"]
        return action["reason"] if action["tag"] == "reset" else None

    def diagnose_migration_history(self, migrations: Mapping[str, Any], *, use_shadow: bool) -> HistoryDiagnosis:
        """Compare migrations with the database's history; with `use_shadow` also with its tables."""
        answer = self.call(
            "diagnoseMigrationHistory",
            {"migrationsList": migrations, "optInToShadowDatabase": use_shadow, "filters": NO_FILTERS},
        )
        history: dict[str, Any] = answer["history"] or {}
        return HistoryDiagnosis(
            has_history=answer["hasMigrationsTable"],
            edited=tuple(answer["editedMigrationNames"]),
            failed=tuple(answer["failedMigrationNames"]),
            unapplied=tuple(history.get("unappliedMigrationNames", ())),
            missing=tuple(history.get("unpersistedMigrationNames", ())),
            last_common=history.get("lastCommonMigrationName"),
        )

    def evaluate_data_loss(self, migrations: Mapping[str, Any], files: Files) -> DataLoss:
        """Say what the next migration would do.

        The engine relies on its last `dev_diagnostic`, which must have seen the migrations as applied.
        """
        answer = self.call(
            "evaluateDataLoss", {"migrationsList": migrations, "schema": container(files), "filters": NO_FILTERS}
        )
        return DataLoss(
            int(answer["migrationSteps"]), _remarks(answer["warnings"]), _remarks(answer["unexecutableSteps"])
        )

    def create_migration(self, migrations: Mapping[str, Any], files: Files, *, name: str, draft: bool) -> NewMigration:
        """Make the next migration; a `draft` is made even where nothing has changed. Nothing is written.

        The engine relies on its last `dev_diagnostic`, which must have seen the migrations as applied.
        """
        answer = self.call(
            "createMigration",
            {
                "migrationsList": migrations,
                "schema": container(files),
                "migrationName": name,
                "draft": draft,
                "filters": NO_FILTERS,
            },
        )
        return NewMigration(answer["generatedMigrationName"], answer["migrationScript"])

    def introspect(
        self, files: Files, *, folder: str, force: bool = False, namespaces: Sequence[str] | None = None
    ) -> Introspection:
        """Return the schema that the database has.

        The text is what was given, changed: also with the changes that `prisma.schema.legacy` made to it.

        Args:
            files: the schema so far; of it, names and comments stay.
            folder: where new files belong, if the schema has several.
            force: keep only the datasource and the generators of the schema so far.
            namespaces: the database's schemas, instead of those that the datasource names.
        """
        answer = self.call(
            "introspect",
            {
                "schema": container(files),
                "baseDirectoryPath": folder,
                "force": force,
                "compositeTypeDepth": 0,
                "namespaces": None if namespaces is None else list(namespaces),
            },
        )
        return Introspection(
            files=tuple((file["path"], file["content"]) for file in answer["schema"]["files"]),
            views=None if answer["views"] is None else tuple(map(_view, answer["views"])),
            warnings=answer["warnings"],
        )

    def _answer(self, export: str, *arguments: object) -> Any:
        self._adapter.begin_call()
        try:
            with self._interrupts.held(), runtime.LOCK:
                answer = self._host.call(export, *arguments)
        except SchemaEngineError as error:
            if self._adapter.failure is not None:
                raise self._adapter.failure from None
            raise _complete(error, self._adapter.fault) from self._adapter.fault
        if self._adapter.failure is not None:
            raise self._adapter.failure
        return answer


def _complete(error: SchemaEngineError, fault: DriverFault | None) -> SchemaEngineError:
    """Return the error with the database's words where it is about a migration that was tried.

    Of some reports, the engine passes on its own word for their kind alone.
    """
    words = fault.fields.get("message") if fault is not None else None
    if error.code != _FAILED_IN_SHADOW or words is None or str(words) in error.message:
        return error
    return SchemaEngineError(f"{error.message}\n{words}", error.code, error.meta)


def _ignore(*_: object) -> None:
    """Take a line of the engine's log; what it says of errors, its answers say, too."""


def container(files: Files) -> dict[str, Any]:
    """Return a schema in the form of the engine's parameters, with what the engine refuses made fit."""
    return {"files": [{"path": path, "content": text} for path, text in _accepted(files)]}


def _accepted(files: Files) -> list[tuple[str, str]]:
    return [(path, accepted(text)) for path, text in files]


def _view(view: dict[str, Any]) -> View:
    return View(view["schema"], view["name"], view["definition"])


def _remarks(remarks: list[dict[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark(remark["message"], int(remark["stepIndex"])) for remark in remarks)
