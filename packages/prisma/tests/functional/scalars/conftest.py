"""A client of a schema with every scalar type, generated into a package of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from prisma.generator import generate

PLANS = Path(__file__).resolve().parents[2] / "plans"


@pytest.fixture(scope="session")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generated package."""
    folder = tmp_path_factory.mktemp("scalars")
    text = (PLANS / "schema.prisma").read_text(encoding="utf-8")
    generator = 'provider        = "prisma-client-py"'
    assert generator in text
    (folder / "schema.prisma").write_text(
        text.replace(generator, f'{generator}\n  output = "./scalars_client"'), encoding="utf-8"
    )
    generate(folder / "schema.prisma", root=folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("scalars_client")
    sys.path.remove(str(folder))


@pytest.fixture
async def db(client_package: Any, server: Any, database: str) -> AsyncIterator[Any]:
    """A client that is connected to a database with the schema's tables."""
    name = database.partition("/test_")[2].partition("?")[0]
    server.run(f'\\connect "test_{name}"\n{(PLANS / "schema.sql").read_text(encoding="utf-8")}')
    async with client_package.Prisma(datasource={"url": database}, use_dotenv=False) as client:
        yield client
