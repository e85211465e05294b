"""Runs one instance of the schema engine; references to JavaScript's values are Python objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wasmtime import FuncType, Linker, Store, Trap, WasmtimeError

from prisma.javascript.functions import UNSIGNED, check_imports
from prisma.javascript.memory import ExportedMemory
from prisma.javascript.values import UNDEFINED, JsError
from prisma.schema_engine.errors import SchemaEngineError, SchemaEnginePanic
from prisma.schema_engine.functions import EngineFunctions, JsThrow
from prisma.schema_engine.imports import IMPORTS
from prisma.schema_engine.promises import Loop, Promise, State
from prisma.wasm import modules, runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from wasmtime import Module

    from prisma.javascript.functions import Import

MODULE = "schema_engine"
REFERENCE_TYPES = {"r": "externref", "i": "i32", "l": "i64", "f": "f64"}


class EngineHost:
    """One instance of the module. Used by one thread; after SchemaEnginePanic it can only be closed."""

    def __init__(self) -> None:
        self.loop = Loop()
        self._store = Store(runtime.engine())
        self._memory = ExportedMemory(self._store)
        self._functions = EngineFunctions(self._memory, self, self.loop)
        try:
            module = modules.load(MODULE)
            check_imports(MODULE, module, IMPORTS)
            self._start(module)
        except BaseException:
            self.close()
            raise

    def _start(self, module: Module) -> None:
        linker = Linker(self._store.engine)
        for item in module.imports:
            if isinstance(item.type, FuncType):
                linker.define_func(item.module, item.name or "", item.type, self._function(IMPORTS[item.name or ""]))
        self._exports: Any = linker.instantiate(self._store, module).exports(self._store)
        self._memory.attach(self._exports)
        self._references = self._exports["__wbindgen_externrefs"]
        self._run_closure, self._run_executor, self._destroy = (
            self._exports[name] for name in closure_exports([(item.name, item.type) for item in module.exports])
        )
        self._call("__wbindgen_start")

    def call(self, export: str, *arguments: object) -> Any:
        """Call an export that returns a promise, and return what it is fulfilled with.

        Raises SchemaEngineError if the promise is rejected, SchemaEnginePanic if the module traps.
        """
        promise = self._call(export, *arguments)
        if not isinstance(promise, Promise):
            return promise
        try:
            self.loop.run_until(promise)
        except (Trap, WasmtimeError, RuntimeError) as error:
            raise self._broken(error) from error
        if promise.state is State.REJECTED:
            raise _refusal(promise.value)
        return promise.value

    def close(self) -> None:
        """Give everything back."""
        # The store holds our functions and they hold the store: only this ends the circle.
        self._store.close()

    def keep(self, value: object) -> int:
        """Put a value into the module's table of references, and return its slot."""
        slot = self._exports["__externref_table_alloc"](self._store)
        self._references.set(self._store, slot & UNSIGNED, value)
        return slot

    def run_closure(self, data: int, table: int, argument: object) -> None:
        """Run a closure of the module."""
        self._run_closure(self._store, data, table, argument)

    def run_executor(self, data: int, table: int, resolve: object, reject: object) -> None:
        """Run the closure that a new promise is given."""
        self._run_executor(self._store, data, table, resolve, reject)

    def destroy_closure(self, data: int, table: int) -> None:
        """Free a closure."""
        self._destroy(self._store, data, table)

    def _call(self, export: str, *arguments: object) -> Any:
        try:
            return self._exports[export](self._store, *arguments)
        except (Trap, WasmtimeError) as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> Exception:
        # A malformed request is thrown, everything else is a panic; after both the module traps.
        if self._functions.thrown is not None:
            return SchemaEnginePanic(self._functions.thrown)
        return SchemaEnginePanic(self._functions.panic or str(error))

    def _function(self, item: Import) -> Callable[..., Any]:
        function = self._fill_table if item.method == "fill_table" else getattr(self._functions, item.method)
        return self._catching(function, item.result) if item.fallible else function

    def _catching(self, function: Callable[..., Any], result: str) -> Callable[..., Any]:
        """Return the function with its exceptions handed over to the module."""

        def call(*arguments: object) -> Any:
            try:
                return function(*arguments)
            except JsThrow as thrown:
                self._exports["__wbindgen_exn_store"](self._store, self.keep(thrown.value))
                return {"r": UNDEFINED, "i": 0, "": None}[result]

        return call

    def _fill_table(self) -> None:
        # wasm-bindgen's convention: undefined in the first slot, and four constants in new slots.
        first = self._references.grow(self._store, 4, UNDEFINED)
        for slot, value in ((0, UNDEFINED), (first + 1, None), (first + 2, True), (first + 3, False)):
            self._references.set(self._store, slot, value)


def closure_exports(exports: list[tuple[str, Any]]) -> tuple[str, str, str]:
    """Return the names of the exports that run a closure, run a promise's closure, and destroy one.

    The names change with each build, so they are found by words and by the number of parameters.
    """
    runners = {len(type_.params): name for name, type_ in exports if "closure" in name and "invoke" in name}
    destroyers = [name for name, _ in exports if "closure" in name and "destroy" in name]
    return runners[3], runners[4], destroyers[0]


def _refusal(reason: object) -> SchemaEngineError:
    if not isinstance(reason, JsError):
        return SchemaEngineError(str(reason))
    code = reason.properties.get("code")
    return SchemaEngineError(reason.message, code if isinstance(code, str) else None, reason.properties.get("meta"))
