"""Hosts for Prisma's WebAssembly modules: the query compiler and the schema parser.

Importing this loads no WebAssembly runtime; the first use of a module does.
"""

from .datasource import DatasourceUrls, UrlExpression, datasource_urls
from .errors import CompilerError, CompilerPanic, ModuleMismatchError, SchemaError
from .module_cache import cache_folder
from .query_compiler import QueryCompiler, warm_up
from .schema import format, get_config, get_dmmf, validate

__all__ = [
    "CompilerError",
    "CompilerPanic",
    "DatasourceUrls",
    "ModuleMismatchError",
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
