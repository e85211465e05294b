"""The wheel is complete: built, installed into an empty environment, and used there without a network."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

PACKAGE = Path(__file__).resolve().parents[3]
LARGEST = 20 << 20  # bytes of the wheel

# Runs before anything else in the new environment: a connection that leaves the machine ends the process's work.
NO_NETWORK = """
import socket, sys

def refuse(event, args):
    if event == "socket.getaddrinfo":
        raise PermissionError(f"network access: {args[0]}")
    if event in ("socket.connect", "socket.sendto") and args[0].family != socket.AF_UNIX:
        raise PermissionError(f"network access: {args[1]}")

sys.addaudithook(refuse)
"""

SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

generator client {
  provider = "prisma-client-py"
}

model Note {
  id   Int    @id @default(autoincrement())
  text String
}
"""

QUERY = """
import asyncio, socket
from prisma import Prisma

async def main():
    try:
        socket.create_connection(("127.0.0.1", 9))
    except PermissionError:
        print("offline")
    async with Prisma() as db:
        await db.execute_raw('CREATE TABLE "Note" (id serial PRIMARY KEY, text text NOT NULL)')
        note = await db.note.create({"text": "hello"})
        print((await db.note.find_unique_or_raise({"id": note.id})).text)

asyncio.run(main())
"""

TYPES = """
import prisma._generated.types, prisma
from prisma.types import NoteCreateInput
print(prisma._generated.types is prisma.types, NoteCreateInput.__module__, NoteCreateInput(text="x"))
"""

UNGENERATED = """
try:
    import prisma.types
except RuntimeError as error:
    print(type(error).__name__)
"""


def run(command: list[str], folder: Path, **variables: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PRISMA", "DATABASE"))}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(command, cwd=folder, env={**environment, **variables}, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def make_read_only(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)


def make_writable(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources that holds no WebAssembly, as a clean checkout does."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(
        PACKAGE,
        source,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("tests", "binaries", "_generated", "__pycache__"),
    )
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"], source)
    return next((source / "dist").glob("*.whl"))


def test_contents(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert sorted(name for name in names if "wasm/binaries" in name or name.endswith((".wasm", ".wat"))) == [
        "prisma/wasm/binaries/bridge.cwasm",
        "prisma/wasm/binaries/call_log.cwasm",
        "prisma/wasm/binaries/callbacks.cwasm",
        "prisma/wasm/binaries/manifest.json",
        "prisma/wasm/binaries/query_compiler.postgresql.cwasm",
        "prisma/wasm/binaries/query_compiler.sqlite.cwasm",
        "prisma/wasm/binaries/schema.cwasm",
        "prisma/wasm/binaries/schema_engine.cwasm",
    ]
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size < LARGEST
    assert not [name for name in names if "_generated" in name or "node_modules" in name]
    assert {"prisma/py.typed", "prisma/cli/node/package-lock.json"} <= set(names)


@pytest.mark.timeout(240)
def test_generate_and_query_without_network(wheel: Path, tmp_path: Path, database: str) -> None:
    environment = tmp_path / "venv"
    run(["uv", "venv", "--quiet", "--python", sys.executable, str(environment)], tmp_path)
    python = str(environment / "bin" / "python")
    run(["uv", "pip", "install", "--quiet", "--python", python, str(wheel)], tmp_path)
    packages = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path).strip())
    (packages / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    (tmp_path / "schema.prisma").write_text(SCHEMA, encoding="utf-8")
    variables = {"DATABASE_URL": database}
    run([str(environment / "bin" / "prisma"), "generate"], tmp_path, **variables)
    make_read_only(packages)
    nowhere = {"HOME": "/dev/null", "PRISMA_CACHE_DIR": "/dev/null/cache", "PYTHONDONTWRITEBYTECODE": "1"}
    assert run([python, "-c", QUERY], tmp_path, **variables, **nowhere) == "offline\nhello\n"
    make_writable(packages)
    types = ast.parse((packages / "prisma" / "types.py").read_text(encoding="utf-8"))
    classes = {node.name for node in types.body if isinstance(node, ast.ClassDef)}
    assert {"NoteCreateInput", "NoteWhereInput", "NoteUpdateInput"} <= classes
    assert run([python, "-c", TYPES], tmp_path, **variables) == "True prisma.types {'text': 'x'}\n"
    generated = [str(environment / "bin" / "prisma"), "generate"]
    assert "Generated" in run(generated, tmp_path, **variables)
    run([python, "-m", "prisma_cleanup"], tmp_path)
    assert run([python, "-c", UNGENERATED], tmp_path) == "ClientNotGeneratedError\n"
