"""The runtime that generated clients stand on: generated code imports these names and nothing below them."""

from prisma.client._async.actions import AsyncActions
from prisma.client._async.batch import AsyncBatch, AsyncBatchActions
from prisma.client._async.client import AsyncPrisma
from prisma.client._async.transaction import TransactionManager
from prisma.client.datasource import DatasourceOverride, load_env
from prisma.client.fragments import Sql
from prisma.client.registry import get_client, register

__all__ = [
    "AsyncActions",
    "AsyncBatch",
    "AsyncBatchActions",
    "AsyncPrisma",
    "DatasourceOverride",
    "Sql",
    "TransactionManager",
    "get_client",
    "load_env",
    "register",
]
