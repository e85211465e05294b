"""A web application in TypeScript's world: Prisma's own client, Auth.js 5 and NextAuth 4, from npm, on the database."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servers.nodejs import Node, find_node
from servers.npm import installed_packages, official_prisma

if TYPE_CHECKING:
    from conftest import Server

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
# Without a native engine, which would be downloaded: the client runs on the query compiler.
ENGINE = {"PRISMA_CLIENT_ENGINE_TYPE": "client"}


class WebApplication:
    """The running `application.mjs`; its tasks are done one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    async def do(self, task: str, *arguments: Any) -> Any:
        """Return the answer to a task: `{"result": …}` or `{"error": …}`."""
        return await asyncio.to_thread(self._ask, json.dumps({"do": task, "with": arguments}))

    async def result(self, task: str, *arguments: Any) -> Any:
        """Return the result of a task that succeeds."""
        answer = await self.do(task, *arguments)
        assert "error" not in answer, answer
        return answer["result"]

    def _ask(self, line: str) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        print(line, file=stdin, flush=True)
        answer = stdout.readline()
        assert answer, "the web application stopped; its words are above"
        return json.loads(answer)


@pytest.fixture(scope="session")
def node() -> Node:
    return find_node()


@pytest.fixture(scope="session")
def packages(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with npm's packages, and with the client that Prisma's own command makes from the unedited schema."""
    folder = tmp_path_factory.mktemp("web")
    modules = folder / "node_modules"
    shutil.copytree(installed_packages(FOLDER, node) / "node_modules", modules)
    (modules / "prisma").symlink_to(official_prisma(node))
    shutil.copy(ROOT / "schema.prisma", folder)
    (folder / "package.json").write_text('{"private": true}')
    # `generate` looks for the schema engine, which it does not start.
    unused = {"PRISMA_SCHEMA_ENGINE_BINARY": node.program, "CHECKPOINT_DISABLE": "1"}
    addresses = {"DATABASE_URL": "postgresql://x", "DIRECT_DATABASE_URL": "postgresql://x"}
    command = [node.program, modules / "prisma" / "build" / "index.js", "generate"]
    subprocess.run(command, cwd=folder, env={**os.environ, **ENGINE, **unused, **addresses}, check=True)
    return folder


@pytest.fixture
def web(packages: Path, node: Node, server: Server, _migrated: str) -> Generator[WebApplication]:
    """The web application on the database of the service's tests."""
    command = [node.program, FOLDER / "application.mjs", packages, server.socket_folder, _migrated]
    with subprocess.Popen(
        list(map(str, command)), env={**os.environ, **ENGINE}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield WebApplication(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
