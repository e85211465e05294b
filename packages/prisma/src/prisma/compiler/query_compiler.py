"""The query compiler: JSON queries in, plans out."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from prisma.compiler.errors import CompilerError
from prisma.dialects import dialect_of
from prisma.wasm import modules, runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from prisma.compiler.compiler_host import CompilerHost

# Bytes by which an instance may grow before a new one takes its place. A compilation leaves 5 to 30 kB in the
# host's call log, and a new instance costs about 4 ms: with this bound that is a few microseconds for each compilation.
GROWTH_LIMIT = 16 * 1024 * 1024


class QueryCompiler:
    """A compiler for one schema.

    `datamodel` is the text of the schema; its generator's `previewFeatures` count. It must be valid: the
    compiler takes any text, and then knows no models. `provider` is the datasource's word. `schema_name` is the
    database schema that qualifies tables without one of their own. `host` makes the instance from the module's
    name and the constructor's parameters; it is WasmHost if not given. `joins` says whether the server reads related
    rows in one statement, where servers differ.

    Attributes:
        schema_name: the database schema.

    Any thread may call any method. Nothing is loaded before the first call.
    """

    def __init__(
        self,
        datamodel: str,
        *,
        provider: str,
        schema_name: str = "public",
        joins: bool | None = None,
        host: Callable[[str, dict[str, Any]], CompilerHost] | None = None,
    ) -> None:
        dialect = dialect_of(provider, "Compiling queries in this package")
        self._module = dialect.compiler_module
        reads_relations = dialect.joins if joins is None else joins
        self._parameters: dict[str, Any] = {
            "datamodel": datamodel,
            "provider": dialect.compiler_word,
            "connectionInfo": {"schemaName": schema_name, "supportsRelationJoins": reads_relations},
        }
        # Only where a server is other than its kind: what is kept on disk for all others keeps its place.
        self._variant = () if reads_relations == dialect.joins else (f"joins={reads_relations}",)
        self.schema_name = schema_name
        self._start = host
        self._host: CompilerHost | None = None
        self._closer: Callable[[], object] | None = None
        self._bound = 0

    def identity(self) -> tuple[object, ...]:
        """Return what plans depend on besides the request and the database schema: module, datamodel, server."""
        return (self._module, modules.manifest().integrity, self._parameters["datamodel"], *self._variant)

    def compile(self, request: str) -> dict[str, Any]:
        """Return the plan for a JSON query; its numbers are floats, undefined leaves are absent.

        Raises CompilerError if the compiler refuses the query, CompilerPanic if it breaks down on it.
        """
        with runtime.LOCK:
            try:
                host = self._host or self._open()
                plan = host.compile(request)
            except CompilerError:
                self._recycle()
                raise
            except BaseException:
                # After a panic or an interruption, the instance's memory may be inconsistent.
                self._discard()
                raise
            self._recycle()
            return plan

    def close(self) -> None:
        """Give the instance's memory back; the next call makes a new one."""
        with runtime.LOCK:
            self._discard()

    def _open(self) -> CompilerHost:
        host = (self._start or _wasm_host())(self._module, self._parameters)
        self._host = host
        # A compiler that is dropped gives its memory back at once, not when the garbage collector finds the cycle.
        self._closer = weakref.finalize(self, host.close)
        self._bound = host.footprint() + GROWTH_LIMIT
        return host

    def _recycle(self) -> None:
        if self._host is not None and self._host.footprint() > self._bound:
            self._discard()

    def _discard(self) -> None:
        self._host = None
        if self._closer is not None:
            self._closer()
            self._closer = None


def _wasm_host() -> Callable[[str, dict[str, Any]], CompilerHost]:
    # It loads wasmtime, which a program does not need whose plans are all on disk.
    from prisma.compiler.wasm_host import WasmHost

    return WasmHost
