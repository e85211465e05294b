"""Compiles queries to plans with Prisma's query compiler, a WebAssembly module.

Importing this loads no WebAssembly runtime; the first use of the compiler does. A name's module is imported when the
name is first asked for: a program whose plans are all on disk needs no compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prisma.compiler.errors import CompilerError
    from prisma.compiler.plan_store import PlanStore
    from prisma.compiler.query_compiler import QueryCompiler, warm_up
    from prisma.wasm.errors import CompilerPanic, ModuleMismatchError

__all__ = [
    "CompilerError",
    "CompilerPanic",
    "ModuleMismatchError",
    "PlanStore",
    "QueryCompiler",
    "warm_up",
]

_MODULES: Final = {
    "CompilerError": "prisma.compiler.errors",
    "CompilerPanic": "prisma.wasm.errors",
    "ModuleMismatchError": "prisma.wasm.errors",
    "PlanStore": "prisma.compiler.plan_store",
    "QueryCompiler": "prisma.compiler.query_compiler",
    "warm_up": "prisma.compiler.query_compiler",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'prisma.compiler' has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value
