"""Clients of the schemas in this folder, each on a database with the tables that stand beside it."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from prisma.generator import generate

HERE = Path(__file__).parent
OPTIONS = {
    "asyncpg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio"},
    "psycopg": {"PRISMA_PY_CONFIG_INTERFACE": "asyncio", "PRISMA_PY_CONFIG_DRIVER": "psycopg"},
    "threads": {"PRISMA_PY_CONFIG_INTERFACE": "sync"},
}
Connect = Callable[[str], AbstractAsyncContextManager[Any]]


@pytest.fixture(scope="session")
def make_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Any]]:
    """Generate the client of a folder's schema for a driver, and import it."""
    root = tmp_path_factory.mktemp("schemas")
    sys.path.insert(0, str(root))
    made: dict[str, Any] = {}

    def make(case: str, driver: str) -> Any:
        name = f"{case}_{driver}"
        if name not in made:
            folder = root / "source" / name
            shutil.copytree(HERE / case, folder)
            for file in folder.rglob("*.prisma"):
                text = file.read_text(encoding="utf-8").replace(f"./{case}_client", f"../../{name}")
                file.write_text(text, encoding="utf-8")
            schema = folder / "schema.prisma"
            generate(schema if schema.exists() else folder, root=root, environment=OPTIONS[driver])
            made[name] = importlib.import_module(name)
        return made[name]

    yield make
    sys.path.remove(str(root))


@pytest.fixture
def connect(driver: str, make_client: Callable[[str, str], Any], threads: Any, databases: Any) -> Connect:
    """Connect a client of a folder's schema."""

    @asynccontextmanager
    async def connected(case: str) -> AsyncIterator[Any]:
        package = make_client(case, driver)
        url = databases.empty([HERE / case / "tables.sql"])
        async with threads.adapt(package.Prisma(datasource={"url": url}, use_dotenv=False)) as client:
            yield client

    return connected
