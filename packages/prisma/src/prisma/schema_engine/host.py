"""Runs one instance of the schema engine; references to JavaScript's values are numbers (values.wat says which)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wasmtime import FuncType, Linker, Store, Trap, ValType, WasmtimeError

from prisma.javascript.functions import check_imports
from prisma.javascript.memory import ExportedMemory
from prisma.javascript.values import JsError
from prisma.schema_engine.errors import SchemaEngineError, SchemaEnginePanic
from prisma.schema_engine.functions import EngineFunctions, JsThrow
from prisma.schema_engine.imports import IMPORTS, IN_WEBASSEMBLY
from prisma.schema_engine.imports import callbacks as python_callbacks
from prisma.schema_engine.promises import Loop, Promise, State
from prisma.schema_engine.values import Values
from prisma.wasm import modules, runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wasmtime import Module

    from prisma.javascript.functions import Import

MODULE: Final = "schema_engine"
CONSTRUCTOR: Final = "schemaengine_new"
TYPES: Final = {"r": ValType.i32, "i": ValType.i32, "l": ValType.i64, "f": ValType.f64}


class EngineHost:
    """One instance of the module. Used by one thread; after SchemaEnginePanic it can only be closed.

    Four parts, instantiated in this order: the values (values.wat); the callbacks (engine_callbacks.wat), which turn
    references into numbers and ask Python; the engine, which imports from both; and the bridge (engine_bridge.wat),
    through which Python talks to the engine.
    """

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
        values = self._with_python("values", {name: IMPORTS[full] for full, name in IN_WEBASSEMBLY.items()})
        self._values = Values(self._store, values)
        callbacks = self._with_python("engine_callbacks", python_callbacks())
        linker = Linker(self._store.engine)
        for item in module.imports:
            name = item.name or ""
            function = values[IN_WEBASSEMBLY[name]] if name in IN_WEBASSEMBLY else callbacks[name]
            linker.define(self._store, item.module, name, function)
        self._exports: Any = linker.instantiate(self._store, module).exports(self._store)
        self._memory.attach(self._exports)
        self._bridge = self._linked_bridge(module, values)
        self._bridge["start"](self._store)

    def call(self, export: str, *arguments: object) -> Any:
        """Call the constructor, or a method with the engine's handle and its parameters; return the promise's value.

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
        return self._bridge["keep"](self._store, self._values.number(value))

    def run_closure(self, data: int, table: int, argument: object) -> None:
        """Run a closure of the module."""
        self._bridge["run_closure"](self._store, data, table, self._values.number(argument))

    def run_executor(self, data: int, table: int, resolve: object, reject: object) -> None:
        """Run the closure that a new promise is given."""
        numbers = self._values.number(resolve), self._values.number(reject)
        self._bridge["run_executor"](self._store, data, table, *numbers)

    def destroy_closure(self, data: int, table: int) -> None:
        """Free a closure."""
        self._destroy(self._store, data, table)

    def _call(self, export: str, *arguments: object) -> Any:
        try:
            if export == CONSTRUCTOR:
                number = self._bridge["new"](self._store, *map(self._values.number, arguments))
            else:
                handle, *parameters = arguments
                if not parameters:
                    return self._exports[export](self._store, handle)
                self._bridge["method"].set(self._store, 0, self._exports[export])
                number = self._bridge["call"](self._store, handle, *map(self._values.number, parameters))
        except (Trap, WasmtimeError) as error:
            raise self._broken(error) from error
        return self._values.value(number)

    def _broken(self, error: Exception) -> Exception:
        # A malformed request is thrown, everything else is a panic; after both the module traps.
        if self._functions.thrown is not None:
            return SchemaEnginePanic(self._functions.thrown)
        return SchemaEnginePanic(self._functions.panic or str(error))

    def _with_python(self, name: str, items: Mapping[str, Import]) -> Any:
        """Instantiate a module that imports functions of ours, and return its exports."""
        linker = Linker(self._store.engine)
        module = modules.load(name)
        for imported in module.imports:
            item = items[imported.name or ""]
            type_ = FuncType([TYPES[kind]() for kind in item.parameters], [TYPES[kind]() for kind in item.result])
            linker.define_func(imported.module, imported.name or "", type_, self._with_numbers(item))
        return linker.instantiate(self._store, module).exports(self._store)

    def _linked_bridge(self, module: Module, values: Any) -> Any:
        run_closure, run_executor, destroy = closure_exports([(item.name, item.type) for item in module.exports])
        self._destroy = self._exports[destroy]
        linker = Linker(self._store.engine)
        names = {"run_closure": run_closure, "run_executor": run_executor}
        bridge = modules.load("engine_bridge")
        for item in bridge.imports:
            name = item.name or ""
            source = values[name] if item.module == "values" else self._exports[names.get(name, name)]
            linker.define(self._store, item.module, name, source)
        return linker.instantiate(self._store, bridge).exports(self._store)

    def _with_numbers(self, item: Import) -> Callable[..., Any]:
        """Return the function behind an import, with numbers in the place of references.

        What a fallible one throws is handed over to the module.
        """
        function: Callable[..., Any] = getattr(self._functions, item.method)
        references = [index for index, kind in enumerate(item.parameters) if kind == "r"]
        gives_reference = item.result == "r"

        def call(*arguments: Any) -> Any:
            values = list(arguments)
            for index in references:
                values[index] = self._values.value(values[index])
            try:
                result = function(*values)
            except JsThrow as thrown:
                if not item.fallible:
                    raise
                self._exports["__wbindgen_exn_store"](self._store, self.keep(thrown.value))
                return None if not item.result else 0
            return self._values.number(result) if gives_reference else result

        return call


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
