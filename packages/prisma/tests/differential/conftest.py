"""The two clients under comparison: ours, and Prisma's own JavaScript runtime in a process of Node.js."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prisma.generator import generate
from prisma.schema import parser
from servers.cockroachdb import as_cockroachdb
from servers.mysql_tables import NATIVE_TYPES, as_mysql
from servers.nodejs import Node, find_node
from servers.npm import installed_packages
from servers.sqlite import as_sqlite

from .twins import MysqlTwins, PostgresTwins, SqliteTwins, Twins

FOLDER = Path(__file__).parent
ORACLE = FOLDER / "oracle"
JOINS = 'previewFeatures = ["relationJoins"]'
# On PostgreSQL relations are read by joins in one statement, or by a query for each. It stands in for CockroachDB: both
# sides have that one's compiler.
VARIANTS = ("join", "query", "sqlite", "mysql", "cockroachdb")


@pytest.fixture(scope="session")
def node() -> Node:
    return find_node()


@pytest.fixture(scope="session")
def oracle_modules(node: Node) -> Path:
    """The folder of the oracle's npm packages."""
    return installed_packages(ORACLE, node)


class Oracle:
    """Prisma's own client: its compiler and its runtime, on one database."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, request: dict[str, Any], *, atomic: bool) -> Any:
        """Return the answer to a request: `result`, or `error`."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"request": request, "atomic": atomic}).encode() + b"\n")
        await stdin.drain()
        line = await stdout.readline()
        assert line, "the oracle stopped; its words are above"
        return json.loads(line)

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


class Bench:
    """Twin databases, and what works on them: our clients on both, the oracle on the second."""

    def __init__(self, writer: Any, reader: Any, oracle: Oracle, twins: Twins) -> None:
        self.writer = writer
        self.reader = reader
        self.oracle = oracle
        self.twins = twins

    async def close(self) -> None:
        await self.oracle.stop()
        for client in (self.writer, self.reader):
            await client.disconnect()
        await self.twins.close()


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def schema(variant: str) -> str:
    """The text of the schema."""
    text = (FOLDER / "schema.prisma").read_text(encoding="utf-8")
    if variant == "mysql":
        return as_mysql(text, native_types=NATIVE_TYPES)
    if variant == "cockroachdb":
        return as_cockroachdb(text)
    return as_sqlite(text) if variant == "sqlite" else text


@pytest.fixture
def dmmf(schema: str) -> dict[str, Any]:
    return parser.get_dmmf([("schema.prisma", schema)])


@pytest.fixture
def client_folder(variant: str, schema: str, tmp_path: Path) -> Iterator[Path]:
    """The folder with the schema and the package `<variant>_client`."""
    generator = 'provider = "prisma-client-py"'
    assert generator in schema
    options = f'{generator}\n  output = "./{variant}_client"\n  {JOINS if variant == "join" else ""}'
    (tmp_path / "schema.prisma").write_text(schema.replace(generator, options), encoding="utf-8")
    generate(tmp_path / "schema.prisma", root=tmp_path)
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))


@pytest.fixture
def twins(request: pytest.FixtureRequest, variant: str, schema: str, tmp_path: Path) -> Twins:
    """Two new databases with the schema's tables."""
    if variant == "sqlite":
        return SqliteTwins(tmp_path, schema)
    if variant == "mysql":
        return MysqlTwins(request.getfixturevalue("mysql_server"), schema)
    return PostgresTwins(request.getfixturevalue("server"), variant if variant == "cockroachdb" else "postgresql")


@pytest.fixture
def make_bench(variant: str, client_folder: Path, twins: Twins, node: Node, oracle_modules: Path) -> Any:
    """Start the clients. Await this in the event loop that uses them."""

    async def make() -> Bench:
        package = importlib.import_module(f"{variant}_client")
        writer, reader = (package.Prisma(datasource={"url": url}, use_dotenv=False) for url in twins.urls)
        for client in (writer, reader):
            await client.connect()
        arguments = (oracle_modules, client_folder / "schema.prisma", *twins.oracle_place)
        process = await asyncio.create_subprocess_exec(
            node.program,
            "--no-deprecation",
            str(ORACLE / "oracle.mjs"),
            *map(str, arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=2**24,
        )
        bench = Bench(writer, reader, Oracle(process), twins)
        await twins.reset()
        return bench

    return make
