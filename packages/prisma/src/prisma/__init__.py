"""Prisma Client for Python.

Everything is imported when it is first asked for: a program that only wants `prisma.errors` pays for nothing else, and
a package without a generated client can still generate one.
"""

# pyright: reportMissingImports=false, reportUnknownVariableType=false

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prisma import actions as actions
    from prisma import bases as bases
    from prisma import enums as enums
    from prisma import errors as errors
    from prisma import fields as fields
    from prisma import models as models
    from prisma import partials as partials
    from prisma import types as types
    from prisma._generated.batch import Batch as Batch
    from prisma._generated.client import Client as Client
    from prisma._generated.client import Prisma as Prisma
    from prisma.client import get_client as get_client
    from prisma.client import load_env as load_env
    from prisma.client import register as register
    from prisma.fields import Base64 as Base64
    from prisma.fields import Json as Json

    __version__: str

__all__ = [
    "Base64",
    "Batch",
    "Client",
    "Json",
    "Prisma",
    "__version__",
    "actions",
    "bases",
    "enums",
    "errors",
    "fields",
    "get_client",
    "load_env",
    "models",
    "partials",
    "register",
    "types",
]

_MODULES: Final = frozenset({"actions", "bases", "enums", "errors", "fields", "models", "partials", "types"})
_GENERATED: Final = {"Batch": "batch", "Client": "client", "Prisma": "client"}
_RUNTIME: Final = {
    "Base64": "prisma.fields",
    "Json": "prisma.fields",
    "get_client": "prisma.client",
    "load_env": "prisma.client",
    "register": "prisma.client",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"prisma.{name}")
    if name in _GENERATED:
        from prisma.generated import load

        value = getattr(load(_GENERATED[name]), name)
    elif name in _RUNTIME:
        value = getattr(import_module(_RUNTIME[name]), name)
    elif name == "__version__":
        from importlib.metadata import version

        value = version("prisma")
    else:
        raise AttributeError(f"module 'prisma' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
