"""The client of this repository, generated for MySQL from the service's schema."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from benchmarks.peers.prisma_python import PrismaPython

FOLDER = "BENCHMARK_CLIENT"
"""The environment's variable for the folder that holds the package `mysql_client`."""


async def open(url: str, connections: int) -> PrismaPython:
    sys.path.insert(0, os.environ[FOLDER])
    package: Any = importlib.import_module("mysql_client")
    db = package.Prisma(datasource={"url": f"{url}?connection_limit={connections}"}, use_dotenv=False)
    await db.connect()
    return PrismaPython(db)
