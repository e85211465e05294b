# What type checkers see of the package, whose names the module itself looks up at their first use.
# pyright: reportMissingImports=false, reportUnknownVariableType=false

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
from prisma.client.fragments import empty as empty
from prisma.client.fragments import join as join
from prisma.client.fragments import raw as raw
from prisma.client.fragments import sql as sql
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
    "sql",
    "types",
]
