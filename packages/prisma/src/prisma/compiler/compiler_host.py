"""Hosts: a host runs one instance of the query compiler in wasmtime; this is what all hosts have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from wasmtime import Store, Trap, WasmtimeError

from prisma.compiler.errors import CompilerError
from prisma.javascript.functions import IMPORTS, HostFunctions, check_imports
from prisma.javascript.memory import ExportedMemory
from prisma.wasm import modules, runtime
from prisma.wasm.errors import CompilerPanic

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from wasmtime import Module


class CompilerHost(ABC):
    """One instance of the query compiler in the module `name`, made from the constructor's parameters.

    Used by one thread at a time. After CompilerPanic or any error that is no CompilerError, close it: what a trap
    leaves behind may be broken.
    """

    def __init__(self, name: str, parameters: Mapping[str, object]) -> None:
        self._store = Store(runtime.engine())
        self._memory = ExportedMemory(self._store)
        self._functions = HostFunctions(self._memory)
        try:
            module = modules.load(name)
            check_imports(name, module, IMPORTS)
            self._start(module, parameters)
        except BaseException:
            self.close()
            raise

    @abstractmethod
    def _start(self, module: Module, parameters: Mapping[str, object]) -> None:
        """Instantiate the module and construct the compiler."""

    @abstractmethod
    def compile(self, request: str) -> Any:
        """Return the plan for a request.

        Raises CompilerError if the compiler refuses it, CompilerPanic if it traps.
        """

    @abstractmethod
    def footprint(self) -> int:
        """Return the bytes of memory in use that only close() gives back."""

    def close(self) -> None:
        """Give everything back."""
        # The store holds our functions and they hold the store: only this ends the circle.
        self._store.close()

    @contextmanager
    def _traps(self) -> Generator[None]:
        """Turn traps into our errors."""
        try:
            yield
        except (Trap, WasmtimeError) as error:
            # The compiler traps after it has told the reason by one of two imports.
            if self._functions.thrown is not None:
                raise CompilerError(self._functions.thrown) from error
            raise CompilerPanic(self._functions.panic or str(error)) from error


def refusal(value: Any) -> CompilerError:
    """Return the error that the compiler described: an object with `message`, `code` and `meta`, or any text."""
    if isinstance(value, dict):
        facts = cast("dict[str, Any]", value)
        return CompilerError(facts.get("message", str(facts)), facts.get("code"), facts.get("meta"))
    return CompilerError(str(value))
