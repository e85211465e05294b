"""Hosts for Prisma's WebAssembly modules: the query compiler and the schema parser.

Importing this loads no WebAssembly runtime; the first use of a module does. A name's module is imported when the name
is first asked for: a program whose plans are all on disk needs none of the hosts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prisma.compiler.cache_files import cache_folder
    from prisma.compiler.datasource import DatasourceUrls, UrlExpression, datasource_urls
    from prisma.compiler.errors import CompilerError, CompilerPanic, ModuleMismatchError, SchemaError
    from prisma.compiler.plan_store import PlanStore
    from prisma.compiler.query_compiler import QueryCompiler, warm_up
    from prisma.compiler.schema import format, get_config, get_dmmf, validate

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
    "warm_up",
]

_MODULES: Final = {
    "CompilerError": "errors",
    "CompilerPanic": "errors",
    "DatasourceUrls": "datasource",
    "ModuleMismatchError": "errors",
    "PlanStore": "plan_store",
    "QueryCompiler": "query_compiler",
    "SchemaError": "errors",
    "UrlExpression": "datasource",
    "cache_folder": "cache_files",
    "datasource_urls": "datasource",
    "format": "schema",
    "get_config": "schema",
    "get_dmmf": "schema",
    "validate": "schema",
    "warm_up": "query_compiler",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'prisma.compiler' has no attribute {name!r}")
    value = getattr(import_module(f"prisma.compiler.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
