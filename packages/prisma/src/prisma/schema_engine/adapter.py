"""A `Database` as the object that the engine expects: a driver adapter's factory, in JavaScript's values.

Each function returns the promise of `{"ok": True, "value": …}` or `{"ok": False, "error": …}`. Results of queries are
objects with `columnNames`, `columnTypes` and `rows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prisma.faults import DriverFault
from prisma.javascript.values import UNDEFINED
from prisma.schema_engine.faults import error_object
from prisma.wasm import runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from prisma.schema_engine.database import Connection, Database, Rows, Statements, Transaction
    from prisma.schema_engine.interrupts import Interrupts
    from prisma.schema_engine.promises import Loop, Promise

ADAPTER_NAME: Final = "prisma-python"
# What the engine is told when the reason is ours: `failure` says more than it could.
_OURS: Final = {"kind": "GenericJs", "id": 0}


class Adapter:
    """The functions of a database for one engine.

    Attributes:
        fault: the last statement's fault that the engine was told during the present call.
        failure: why the present call must end, whatever the engine makes of it.
    """

    def __init__(self, database: Database, loop: Loop, interrupts: Interrupts) -> None:
        self._database = database
        self._loop = loop
        self._interrupts = interrupts
        self.fault: DriverFault | None = None
        self.failure: BaseException | None = None

    def begin_call(self) -> None:
        """Forget the errors of the call before."""
        self.fault = self.failure = None

    def factory(self) -> dict[str, Any]:
        """Return the factory of connections."""
        return {
            **self._description(),
            "connect": self._opening(self._database.connect),
            "connectToShadowDb": self._opening(self._database.connect_to_shadow),
        }

    def _description(self) -> dict[str, Any]:
        return {"provider": self._database.provider, "adapterName": ADAPTER_NAME, "errorRegistry": {}}

    def _opening(self, connect: Callable[[], Connection]) -> Callable[..., Promise]:
        return _without_arguments(lambda: self._promise(lambda: self._connection(connect()), is_opening=True))

    def _connection(self, connection: Connection) -> dict[str, Any]:
        facts = {"schemaName": connection.schema, "supportsRelationJoins": True}

        def execute_script(script: str) -> Promise:
            return self._promise(lambda: connection.execute_script(script))

        def start_transaction(isolation: object) -> Promise:
            level = isolation if isinstance(isolation, str) else None
            return self._promise(lambda: self._transaction(connection.start_transaction(level)))

        return {
            **self._description(),
            **self._statements(connection),
            "executeScript": _with_one_argument(execute_script),
            "startTransaction": _with_one_argument(start_transaction),
            "dispose": _without_arguments(lambda: self._promise(connection.dispose, is_closing=True)),
            "getConnectionInfo": _without_arguments(lambda: {"ok": True, "value": facts}),
        }

    def _statements(self, target: Statements) -> dict[str, Any]:
        def query_raw(query: dict[str, Any]) -> Promise:
            return self._promise(lambda: _result(target.query_raw(query["sql"], query["args"])))

        def execute_raw(query: dict[str, Any]) -> Promise:
            return self._promise(lambda: target.execute_raw(query["sql"], query["args"]))

        return {"queryRaw": _with_one_argument(query_raw), "executeRaw": _with_one_argument(execute_raw)}

    def _transaction(self, transaction: Transaction) -> dict[str, Any]:
        return {
            **self._description(),
            **self._statements(transaction),
            "options": {"usePhantomQuery": False},
            "commit": _without_arguments(lambda: self._promise(transaction.commit)),
            "rollback": _without_arguments(lambda: self._promise(transaction.rollback, is_closing=True)),
        }

    def _promise(self, work: Callable[[], object], *, is_opening: bool = False, is_closing: bool = False) -> Promise:
        """Return the promise of what `work` gives."""
        return self._loop.start(lambda: self._answer(work, is_opening=is_opening, is_closing=is_closing))

    def _answer(self, work: Callable[[], object], *, is_opening: bool, is_closing: bool) -> dict[str, Any]:
        # A call that must end may still close what it has opened.
        if self.failure is not None and not is_closing:
            return {"ok": False, "error": _OURS}
        try:
            # Nothing of the engine is on the stack, so others may run theirs meanwhile.
            with runtime.unlocked(), self._interrupts.allowed():
                value = work()
        except DriverFault as fault:
            if not is_opening:
                self.fault = fault
                return {"ok": False, "error": error_object(fault, self._database.provider)}
            self.failure = fault
        except BaseException as error:
            self.failure = error
        else:
            return {"ok": True, "value": UNDEFINED if value is None else value}
        return {"ok": False, "error": _OURS}


def _result(rows: Rows) -> dict[str, Any]:
    # Tuples, so that the engine reads them without asking Python.
    return {"columnNames": tuple(rows.names), "columnTypes": tuple(rows.types), "rows": tuple(rows.rows)}


# The engine passes `undefined` to functions that take nothing, and more than one argument to others.


def _without_arguments(function: Callable[[], object]) -> Callable[..., Any]:
    def call(*_: object) -> object:
        return function()

    return call


def _with_one_argument(function: Callable[[Any], object]) -> Callable[..., Any]:
    def call(argument: object = UNDEFINED, *_: object) -> object:
        return function(argument)

    return call
