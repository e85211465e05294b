"""Prisma Client for Python.

A name is imported when it is first used: a program that only needs `prisma.errors` loads nothing else, and a package
without a generated client can still generate one. Type checkers read `__init__.pyi` instead.
"""

# pyright: reportUnsupportedDunderAll=false

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, Final

__title__ = "prisma"

__all__ = [
    "BINARY_PATHS",
    "ENGINE_TYPE",
    "SCHEMA_PATH",
    "AnyNull",
    "Base64",
    "Batch",
    "Client",
    "DbNull",
    "Extension",
    "Json",
    "JsonNull",
    "Metric",
    "MetricHistogram",
    "Metrics",
    "Prisma",
    "PrismaMethod",
    "Sql",
    "__version__",
    "actions",
    "bases",
    "config",
    "empty",
    "enums",
    "errors",
    "fields",
    "get_client",
    "join",
    "load_env",
    "models",
    "partials",
    "raw",
    "register",
    "skip",
    "sql",
    "types",
    "validate",
]

_MODULES: Final = frozenset({"actions", "bases", "enums", "errors", "fields", "models", "partials", "types"})
_GENERATED: Final = {"Batch": "batch", "Client": "client", "Prisma": "client"}
_RUNTIME: Final = {
    "AnyNull": "prisma.fields",
    "Base64": "prisma.fields",
    "DbNull": "prisma.fields",
    "Extension": "prisma.client",
    "Json": "prisma.fields",
    "JsonNull": "prisma.fields",
    "Metric": "prisma.metrics",
    "MetricHistogram": "prisma.metrics",
    "Metrics": "prisma.metrics",
    "PrismaMethod": "prisma._types",
    "Sql": "prisma.client.raw_sql.sql",
    "config": "prisma._config",
    "empty": "prisma.client.raw_sql.sql",
    "get_client": "prisma.client",
    "join": "prisma.client.raw_sql.sql",
    "load_env": "prisma.client",
    "raw": "prisma.client.raw_sql.sql",
    "register": "prisma.client",
    "skip": "prisma.client",
    "sql": "prisma.client.raw_sql.sql",
    "validate": "prisma.validator",
}
_METADATA: Final = frozenset({"BINARY_PATHS", "ENGINE_TYPE", "SCHEMA_PATH"})

if os.environ.get("PRISMA_PY_DEBUG", "").lower() in {"1", "t", "true"}:
    import logging

    logging.getLogger("prisma").setLevel(logging.DEBUG)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"prisma.{name}")
    if name in _GENERATED:
        from prisma.generated import load

        value = getattr(load(_GENERATED[name]), name)
    elif name in _RUNTIME:
        value = getattr(import_module(_RUNTIME[name]), name)
    elif name in _METADATA:
        from prisma import _origin

        value = getattr(_origin, name.lower())()
    elif name == "__version__":
        from importlib.metadata import version

        value = version("prisma")
    else:
        raise AttributeError(f"module 'prisma' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
