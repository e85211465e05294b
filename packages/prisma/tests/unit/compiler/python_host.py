"""The Python host: every function that the compiler imports is a Python function.

It takes longer than the WebAssembly host, and is the reference for what is right: the tests compare the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wasmtime import FuncType, Linker

from prisma.compiler.compiler_host import CompilerHost, refusal
from prisma.javascript.functions import IMPORTS, UNSIGNED
from prisma.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wasmtime import Module


class PythonHost(CompilerHost):
    """A compiler whose references are Python objects."""

    def _start(self, module: Module, parameters: Mapping[str, object]) -> None:
        linker = Linker(self._store.engine)
        for item in module.imports:
            if isinstance(item.type, FuncType):
                linker.define_func(item.module, item.name or "", item.type, self._function(item.name or ""))
        self._exports: Any = linker.instantiate(self._store, module).exports(self._store)
        self._memory.attach(self._exports)
        self._references = self._exports["__wbindgen_externrefs"]
        with self._traps():
            self._exports["__wbindgen_start"](self._store)
            self._handle, error, failed = self._exports["querycompiler_new"](self._store, parameters)
            if failed:
                raise refusal(self._take(error))

    def compile(self, request: str) -> Any:
        """Return the plan for a request."""
        data = request.encode()
        function = self._exports["querycompiler_compile"]
        with self._traps():
            address = self._memory.put(data)
            answer, error, failed = function(self._store, self._handle, address, len(data))
            if failed:
                raise refusal(self._take(error))
            return self._take(answer)

    def footprint(self) -> int:
        """Return the size of the compiler's memory."""
        return self._memory.size()

    def _function(self, name: str) -> Callable[..., Any]:
        method = IMPORTS[name].method
        return self._fill_table if method == "fill_table" else getattr(self._functions, method)

    def _take(self, slot: int) -> Any:
        slot &= UNSIGNED
        value = self._references.get(self._store, slot)
        self._exports["__externref_table_dealloc"](self._store, slot)
        return value

    def _fill_table(self) -> None:
        # wasm-bindgen's convention: undefined in the first slot, and four constants in new slots.
        first = self._references.grow(self._store, 4, UNDEFINED)
        for slot, value in ((0, UNDEFINED), (first + 1, None), (first + 2, True), (first + 3, False)):
            self._references.set(self._store, slot, value)
