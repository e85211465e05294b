# What type checkers see of the package, whose names the module itself looks up at their first use.
# pyright: reportMissingImports=false, reportUnknownVariableType=false

from pathlib import Path

from prisma import actions as actions
from prisma import bases as bases
from prisma import enums as enums
from prisma import errors as errors
from prisma import fields as fields
from prisma import models as models
from prisma import partials as partials
from prisma import types as types
from prisma._config import config as config
from prisma._generated.batch import Batch as Batch
from prisma._generated.client import Client as Client
from prisma._generated.client import Prisma as Prisma
from prisma._types import PrismaMethod as PrismaMethod
from prisma.client import Extension as Extension
from prisma.client import get_client as get_client
from prisma.client import load_env as load_env
from prisma.client import register as register
from prisma.client import skip as skip
from prisma.client.raw_sql.sql import Sql as Sql
from prisma.client.raw_sql.sql import empty as empty
from prisma.client.raw_sql.sql import join as join
from prisma.client.raw_sql.sql import raw as raw
from prisma.client.raw_sql.sql import sql as sql
from prisma.fields import AnyNull as AnyNull
from prisma.fields import Base64 as Base64
from prisma.fields import DbNull as DbNull
from prisma.fields import Json as Json
from prisma.fields import JsonNull as JsonNull
from prisma.generator.description import BinaryPaths, EngineType
from prisma.metrics import Metric as Metric
from prisma.metrics import MetricHistogram as MetricHistogram
from prisma.metrics import Metrics as Metrics
from prisma.validator import validate as validate

__version__: str
BINARY_PATHS: BinaryPaths
ENGINE_TYPE: EngineType
SCHEMA_PATH: Path

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
