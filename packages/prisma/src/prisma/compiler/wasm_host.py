"""The WebAssembly host: the functions that the compiler calls often are WebAssembly, too.

Four parts, instantiated in this order: the call log (call_log.wat); the callbacks (callbacks.wat, generated from the
table of imports), which turn references into numbers and ask Python; the compiler, which imports from both; and the
bridge (bridge.wat), through which Python talks to the compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wasmtime import FuncType, Linker, ValType

from prisma.compiler.call_log import CallLog
from prisma.compiler.compiler_host import CompilerHost, refusal
from prisma.javascript.functions import IMPORTS, UNSIGNED, Import
from prisma.wasm import modules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wasmtime import Instance, Module

# All but the sign bit, which says that the number is an error's.
NUMBER_BITS = 0x7FFFFFFF


class WasmHost(CompilerHost):
    """A compiler whose references are numbers."""

    def _start(self, module: Module, parameters: Mapping[str, object]) -> None:
        log = self._link_call_log(modules.load("call_log"))
        callbacks = self._link_callbacks(modules.load("callbacks"))
        compiler = self._link_compiler(module, log, callbacks)
        self._memory.attach(compiler.exports(self._store))
        self._bridge = self._link_bridge(modules.load("bridge"), compiler, log)
        with self._traps():
            self._bridge["start"](self._store)
            self._answer(self._bridge["new"](self._store, self._log.lend(parameters)))

    def compile(self, request: str) -> Any:
        """Return the plan for a request."""
        data = request.encode()
        with self._traps():
            # Through the log's memory: the bridge copies it to where the compiler expects it.
            self._log.write_request(data)
            return self._answer(self._bridge["compile"](self._store, len(data)))

    def footprint(self) -> int:
        """Return the size of the compiler's memory and of what is written in the call log."""
        return self._memory.size() + self._log.records_read + self._log.texts_read

    def _answer(self, results: tuple[int, int, int]) -> Any:
        number, records_end, texts_end = results
        self._log.read(records_end & UNSIGNED, texts_end & UNSIGNED)
        value = self._log.take(number & NUMBER_BITS)
        if number < 0:
            raise refusal(value)
        return value

    def _link_call_log(self, module: Module) -> Instance:
        linker = Linker(self._store.engine)
        linker.define_func("python", "is_string", _type(Import("", "r", "i")), self._is_string)
        instance = linker.instantiate(self._store, module)
        self._log = CallLog(self._store, instance.exports(self._store))
        return instance

    def _link_callbacks(self, module: Module) -> Instance:
        linker = Linker(self._store.engine)
        for name, item in callbacks().items():
            linker.define_func("python", name, _type(item), self._with_numbers(item))
        return linker.instantiate(self._store, module)

    def _link_compiler(self, module: Module, log: Instance, callbacks: Instance) -> Instance:
        linker = Linker(self._store.engine)
        frequent, rare = log.exports(self._store), callbacks.exports(self._store)
        # Calls of the frequent kind stay in WebAssembly: each call into Python costs ten microseconds.
        for item in module.imports:
            name = item.name or ""
            function = frequent[IMPORTS[name].method] if IMPORTS[name].frequent else rare[name]
            linker.define(self._store, item.module, name, function)
        return linker.instantiate(self._store, module)

    def _link_bridge(self, module: Module, compiler: Instance, log: Instance) -> Any:
        linker = Linker(self._store.engine)
        linker.define_instance(self._store, "compiler", compiler)
        linker.define_instance(self._store, "call_log", log)
        return linker.instantiate(self._store, module).exports(self._store)

    def _is_string(self, number: int) -> int:
        return self._functions.is_string(self._log.look_up(number))

    def _with_numbers(self, item: Import) -> Callable[..., Any]:
        """Return the function behind an import, with numbers in the place of references."""
        function: Callable[..., Any] = getattr(self._functions, item.method)
        log = self._log

        def call(*arguments: Any) -> Any:
            result = function(
                *(
                    log.look_up(argument) if kind == "r" else argument
                    for kind, argument in zip(item.parameters, arguments, strict=True)
                )
            )
            return log.lend(result) if item.result == "r" else result

        return call


def callbacks() -> dict[str, Import]:
    """Return the imports that end in Python."""
    return {name: item for name, item in IMPORTS.items() if not item.frequent}


def _type(item: Import) -> FuncType:
    """Return the type of the Python function: numbers for references."""
    types = {"r": ValType.i32, "i": ValType.i32, "l": ValType.i64, "f": ValType.f64}
    return FuncType([types[kind]() for kind in item.parameters], [types[kind]() for kind in item.result])
