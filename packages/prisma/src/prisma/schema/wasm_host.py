"""Runs Prisma's schema parser, a WebAssembly module: gives it its imports, passes strings, turns failures into errors.

An instance serves one call. It costs a millisecond, and schemas are read rarely; so there is no state to keep, and no
instance to repair after a trap.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from wasmtime import FuncType, Linker, Store, Trap, WasmtimeError

from prisma.schema.errors import SchemaError
from prisma.wasm import modules, runtime
from prisma.wasm.errors import CompilerPanic, ModuleMismatchError

if TYPE_CHECKING:
    from collections.abc import Generator

    from wasmtime import Module

MODULE = "schema"
# wasm-bindgen appends a hash of the signature to a name, so a name that is not in this table may mean anything.
IMPORTS = {
    "__wbg_set_message_f22ac4a6869ee695": "remember_panic",
    "__wbg_Error_e83987f665cf5504": "make_error",
    "__wbg___wbindgen_throw_b855445ff6a94295": "remember_panic",
    "__wbindgen_init_externref_table": "fill_table",
}
UNSIGNED = 0xFFFFFFFF


class SchemaModule:
    """One instance of the module. All strings are JSON."""

    def __init__(self, store: Store, module: Module) -> None:
        self._store = store
        self._panic: str | None = None
        linker = Linker(store.engine)
        for item in module.imports:
            if item.name not in IMPORTS or not isinstance(item.type, FuncType):
                raise ModuleMismatchError(MODULE, f"it imports {item.name}, which this version does not know")
            linker.define_func(item.module, item.name, item.type, getattr(self, f"_{IMPORTS[item.name]}"))
        self._exports: Any = linker.instantiate(store, module).exports(store)
        self._memory = self._exports["memory"]
        self._references = self._exports["__wbindgen_externrefs"]
        self._call("__wbindgen_start")

    @classmethod
    @contextmanager
    def start(cls) -> Generator[SchemaModule]:
        """Give an instance for one call."""
        module = modules.load(MODULE)
        with runtime.LOCK:
            store = Store(runtime.engine())
            try:
                yield cls(store, module)
            finally:
                # The store and our functions hold each other: only closing the store frees both.
                store.close()

    def get_dmmf(self, request: str) -> str:
        """Answer `{"prismaSchema": [[path, text]…], "noColor": bool}` with the DMMF."""
        address, length, error, failed = self._call("get_dmmf", *self._put(request))
        if failed:
            raise self._schema_error(error)
        return self._text(address, length)

    def get_datamodel(self, request: str) -> str:
        """Answer the same request with the DMMF's `datamodel` alone."""
        address, length, error, failed = self._call("get_datamodel", *self._put(request))
        if failed:
            raise self._schema_error(error)
        return self._text(address, length)

    def get_config(self, request: str) -> str:
        """Answer the same request with `{"config": …, "errors": [{"file_name", "message"}…]}`."""
        return self._text(*self._call("get_config", *self._put(request)))

    def validate(self, request: str) -> str:
        """Check the schema of the same request; the answer is empty."""
        error, failed = self._call("validate", *self._put(request))
        if failed:
            raise self._schema_error(error)
        return ""

    def format(self, files: str, options: str) -> str:
        """Answer pairs of path and text with such pairs."""
        return self._text(*self._call("format", *self._put(files), *self._put(options)))

    def _call(self, name: str, *arguments: int) -> Any:
        try:
            return self._exports[name](self._store, *arguments)
        except (Trap, WasmtimeError) as error:
            raise CompilerPanic(self._panic or str(error)) from error

    def _put(self, text: str) -> tuple[int, int]:
        data = text.encode()
        address = self._call("__wbindgen_malloc", len(data), 1) & UNSIGNED
        self._memory.write(self._store, data, address)
        return address, len(data)

    def _text(self, address: int, length: int) -> str:
        address, length = address & UNSIGNED, length & UNSIGNED
        return self._memory.read(self._store, address, address + length).decode()

    def _schema_error(self, reference: int) -> SchemaError:
        error = json.loads(self._references.get(self._store, reference & UNSIGNED))
        return SchemaError(error["message"], error["error_code"])

    # The module's imports. None of them raises, because wasmtime keeps a callback's exception in a place that all
    # threads share. After `throw`, as after a panic, the module itself traps.

    def _remember_panic(self, address: int, length: int) -> None:
        self._panic = self._text(address, length)

    def _make_error(self, address: int, length: int) -> str:
        return self._text(address, length)

    def _fill_table(self) -> None:
        # The places of JavaScript's undefined, null, true and false. Nothing reads them: the functions take and return
        # text, and only errors use the table.
        self._references.grow(self._store, 4, None)
