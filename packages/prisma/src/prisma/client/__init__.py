"""The runtime of generated clients: generated code imports only these names."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from prisma.client._async.actions import AsyncActions, AsyncModelActions
from prisma.client._async.batch import AsyncBatch
from prisma.client._async.batch_actions import (
    AsyncBatchActions,
    AsyncTableBatchActions,
    AsyncUncreatableBatchActions,
)
from prisma.client._async.client import AsyncPrisma
from prisma.client._async.fluent import AsyncFluent, coroutine_function
from prisma.client._async.model_actions import (
    AsyncKeyedViewActions,
    AsyncReturningTableActions,
    AsyncReturningUncreatableActions,
    AsyncTableActions,
    AsyncUncreatableActions,
    AsyncViewActions,
)
from prisma.client._async.transaction import TransactionManager
from prisma.client.datasource import DatasourceOverride, load_env
from prisma.client.earlier_clients import explain_moved_modules
from prisma.client.extension import Extension, Operation, Proceed
from prisma.client.options import ErrorFormat, IsolationLevel, TransactionOptions
from prisma.client.raw_sql.sql import Sql, empty, join, raw, sql
from prisma.client.records.base_model import PrismaModel, database_list
from prisma.client.records.partial_types import create_partial
from prisma.client.references import ModelFields
from prisma.client.registry import get_client, register
from prisma.client.request.skip import skip
from prisma.client.telemetry.events import LogEvent, LogLevel, QueryEvent
from prisma.client.telemetry.tracing import TracerProvider
from prisma.schema.metadata import Enum, Field, Model, Schema, Url

if TYPE_CHECKING:
    from prisma.client._sync.actions import SyncActions, SyncModelActions
    from prisma.client._sync.batch import SyncBatch
    from prisma.client._sync.batch_actions import SyncBatchActions, SyncTableBatchActions, SyncUncreatableBatchActions
    from prisma.client._sync.client import SyncPrisma
    from prisma.client._sync.model_actions import (
        SyncKeyedViewActions,
        SyncReturningTableActions,
        SyncReturningUncreatableActions,
        SyncTableActions,
        SyncUncreatableActions,
        SyncViewActions,
    )
    from prisma.client._sync.transaction import SyncTransactionManager

__all__ = [
    "AsyncActions",
    "AsyncBatch",
    "AsyncBatchActions",
    "AsyncFluent",
    "AsyncKeyedViewActions",
    "AsyncModelActions",
    "AsyncPrisma",
    "AsyncReturningTableActions",
    "AsyncReturningUncreatableActions",
    "AsyncTableActions",
    "AsyncTableBatchActions",
    "AsyncUncreatableActions",
    "AsyncUncreatableBatchActions",
    "AsyncViewActions",
    "DatasourceOverride",
    "Enum",
    "ErrorFormat",
    "Extension",
    "Field",
    "IsolationLevel",
    "LogEvent",
    "LogLevel",
    "Model",
    "ModelFields",
    "Operation",
    "PrismaModel",
    "Proceed",
    "QueryEvent",
    "Schema",
    "Sql",
    "SyncActions",
    "SyncBatch",
    "SyncBatchActions",
    "SyncKeyedViewActions",
    "SyncModelActions",
    "SyncPrisma",
    "SyncReturningTableActions",
    "SyncReturningUncreatableActions",
    "SyncTableActions",
    "SyncTableBatchActions",
    "SyncTransactionManager",
    "SyncUncreatableActions",
    "SyncUncreatableBatchActions",
    "SyncViewActions",
    "TracerProvider",
    "TransactionManager",
    "TransactionOptions",
    "Url",
    "coroutine_function",
    "create_partial",
    "database_list",
    "empty",
    "get_client",
    "join",
    "load_env",
    "raw",
    "register",
    "skip",
    "sql",
]

explain_moved_modules()

# An asynchronous program has no use for them.
_SYNCHRONOUS: Final = {
    "SyncActions": "actions",
    "SyncBatch": "batch",
    "SyncBatchActions": "batch_actions",
    "SyncKeyedViewActions": "model_actions",
    "SyncModelActions": "actions",
    "SyncPrisma": "client",
    "SyncReturningTableActions": "model_actions",
    "SyncReturningUncreatableActions": "model_actions",
    "SyncTableActions": "model_actions",
    "SyncTableBatchActions": "batch_actions",
    "SyncTransactionManager": "transaction",
    "SyncUncreatableActions": "model_actions",
    "SyncUncreatableBatchActions": "batch_actions",
    "SyncViewActions": "model_actions",
}


# In 0.15.0 this module was the generated client.
_GENERATED: Final = {"Batch": "batch", "Client": "client", "Prisma": "client"}


def __getattr__(name: str) -> Any:
    if name in _GENERATED:
        from prisma.generated import load

        return getattr(load(_GENERATED[name]), name)
    if name not in _SYNCHRONOUS:
        raise AttributeError(f"module 'prisma.client' has no attribute {name!r}")
    return getattr(import_module(f"prisma.client._sync.{_SYNCHRONOUS[name]}"), name)
