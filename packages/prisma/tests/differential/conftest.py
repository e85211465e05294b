"""The two clients under comparison: ours, and Prisma's own JavaScript runtime in a process of Node.js."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from prisma.generator import generate
from prisma.schema import parser
from servers.nodejs import Node, find_node
from servers.npm import installed_packages

FOLDER = Path(__file__).parent
ORACLE = FOLDER / "oracle"
# Relations by joins in one statement, or by a query for each.
STRATEGIES = {"join": 'previewFeatures = ["relationJoins"]', "query": ""}
TABLES = (
    "users",
    "profiles",
    "accounts",
    "entries",
    "posts",
    "tags",
    "categories",
    "samples",
    "_follows",
    "_PostToTag",
)
SERIALS = ("users", "entries", "posts", "tags", "samples")


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
    """Two databases with the same content, and what works on them: our clients on both, the oracle on the second."""

    def __init__(self, writer: Any, reader: Any, oracle: Oracle, connections: list[asyncpg.Connection[Any]]) -> None:
        self.writer = writer
        self.reader = reader
        self.oracle = oracle
        self._connections = connections

    async def contents(self) -> list[str]:
        """Return everything in the first and in the second database, as JSON."""
        return await asyncio.gather(*(connection.fetchval(_CONTENTS) for connection in self._connections))

    async def reset(self) -> None:
        """Put both databases into the state of the seed."""
        seed = (FOLDER / "seed.sql").read_text(encoding="utf-8")
        await asyncio.gather(*(connection.execute(seed) for connection in self._connections))

    async def close(self) -> None:
        await self.oracle.stop()
        for client in (self.writer, self.reader):
            await client.disconnect()
        for connection in self._connections:
            await connection.close()


_CONTENTS = "SELECT json_build_object({})::text".format(
    ", ".join(
        [f"'{table}', (SELECT json_agg(t ORDER BY t::text) FROM \"{table}\" t)" for table in TABLES]
        + [f"'{table}_id_seq', (SELECT last_value FROM \"{table}_id_seq\")" for table in SERIALS]
    )
)


@pytest.fixture(scope="session")
def dmmf() -> dict[str, Any]:
    text = (FOLDER / "schema.prisma").read_text(encoding="utf-8")
    return parser.get_dmmf([("schema.prisma", text)])


@pytest.fixture(params=STRATEGIES)
def strategy(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def client_folder(strategy: str, tmp_path: Path) -> Iterator[Path]:
    """The folder with the schema and the package `<strategy>_client`."""
    text = (FOLDER / "schema.prisma").read_text(encoding="utf-8")
    generator = 'provider = "prisma-client-py"'
    assert generator in text
    options = f'{generator}\n  output = "./{strategy}_client"\n  {STRATEGIES[strategy]}'
    (tmp_path / "schema.prisma").write_text(text.replace(generator, options), encoding="utf-8")
    generate(tmp_path / "schema.prisma", root=tmp_path)
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))


@pytest.fixture
def databases(server: Any) -> Iterator[tuple[str, str]]:
    """The names of two new databases with the schema's tables."""
    names = (f"ours_{uuid.uuid4().hex[:12]}", f"theirs_{uuid.uuid4().hex[:12]}")
    schema = (FOLDER / "schema.sql").read_text(encoding="utf-8")
    for name in names:
        server.run(f'CREATE DATABASE "{name}"')
        server.run(f'\\connect "{name}"\n{schema}')
    yield names
    for name in names:
        server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def make_bench(
    strategy: str, client_folder: Path, databases: tuple[str, str], server: Any, node: Node, oracle_modules: Path
) -> Any:
    """Start the clients. Await this in the event loop that uses them."""

    async def make() -> Bench:
        package = importlib.import_module(f"{strategy}_client")
        writer, reader = (package.Prisma(datasource={"url": server.url(name)}, use_dotenv=False) for name in databases)
        connections = [
            await asyncpg.connect(host=str(server.socket_folder), user="postgres", database=name) for name in databases
        ]
        for client in (writer, reader):
            await client.connect()
        arguments = (oracle_modules, client_folder / "schema.prisma", server.socket_folder, databases[1])
        process = await asyncio.create_subprocess_exec(
            node.program,
            "--no-deprecation",
            str(ORACLE / "oracle.mjs"),
            *map(str, arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=2**24,
        )
        bench = Bench(writer, reader, Oracle(process), connections)
        await bench.reset()
        return bench

    return make
