"""Compiles queries to plans with Prisma's query compiler, a WebAssembly module.

Importing this loads no WebAssembly runtime; the first use of a module does. A name's module is imported when the name
is first asked for: a program whose plans are all on disk needs no compiler. The names of `prisma.schema` are here for
programs that know them from earlier releases.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prisma.compiler.errors import CompilerError
    from prisma.compiler.plan_store import PlanStore
    from prisma.compiler.query_compiler import QueryCompiler
    from prisma.schema.errors import SchemaError
    from prisma.schema.parser import format, get_config, get_dmmf, validate
    from prisma.schema.urls import DatasourceUrls, UrlExpression, datasource_urls
    from prisma.wasm.cache_files import cache_folder
    from prisma.wasm.errors import CompilerPanic, ModuleMismatchError

__all__ = [
    "CompilerError",
    "CompilerPanic",
    "DatasourceUrls",
    "ModuleMismatchError",
    "PlanStore",
    "QueryCompiler",
    "SchemaError",
    "UrlExpression",
    "cache_folder",
    "datasource_urls",
    "format",
    "get_config",
    "get_dmmf",
    "validate",
]

_MODULES: Final = {
    "CompilerError": "prisma.compiler.errors",
    "CompilerPanic": "prisma.wasm.errors",
    "DatasourceUrls": "prisma.schema.urls",
    "ModuleMismatchError": "prisma.wasm.errors",
    "PlanStore": "prisma.compiler.plan_store",
    "QueryCompiler": "prisma.compiler.query_compiler",
    "SchemaError": "prisma.schema.errors",
    "UrlExpression": "prisma.schema.urls",
    "cache_folder": "prisma.wasm.cache_files",
    "datasource_urls": "prisma.schema.urls",
    "format": "prisma.schema.parser",
    "get_config": "prisma.schema.parser",
    "get_dmmf": "prisma.schema.parser",
    "validate": "prisma.schema.parser",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'prisma.compiler' has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value
