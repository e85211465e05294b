"""The wheels are complete: built, installed into an empty environment, and used there without Node.js and a network."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
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


# Each command, and words of its output. The migration of the first is there already.
COMMANDS: Final = (
    ("init --with-model --url URL", "Your schema is prisma/schema.prisma"),
    ("validate", "is valid"),
    ("format", "Formatted"),
    ("generate", "Generated Prisma Client for Python"),
    ("migrate resolve --applied 1_nothing", "Migration 1_nothing marked as applied."),
    ("migrate deploy", "No pending migrations to apply."),
    ("migrate dev --name first", "Your database is now in sync with your schema."),
    ("migrate status", "Database schema is up to date!"),
    ("migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma", "No difference detected."),
    ("migrate reset --force", "Database reset successful"),
    ("db execute --file more.sql", "Script executed successfully."),
    ("db pull --print", "model more"),
    ("db push", "Your database is now in sync with your Prisma schema."),
    ("db seed", "The seed command has been executed."),
    ("version", "query compiler"),
)
FILES: Final = {
    "prisma/migrations/1_nothing/migration.sql": "SELECT 1;\n",
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "more.sql": "CREATE TABLE more (id int PRIMARY KEY);\n",
    "pyproject.toml": '[tool.prisma]\nseed = "python seed.py"\n',
    "seed.py": "from prisma import Prisma\n",
}


def own_network() -> list[str]:
    """Return what starts a program where no network is, as Python's hooks do not see all; nothing if we may not."""
    # Root stays root of the machine, as its database's folder belongs to another user.
    user = [] if os.geteuid() == 0 else ["--map-current-user"]
    unshare = [shutil.which("unshare") or "unshare", *user, "--net"]
    try:
        return unshare if subprocess.run([*unshare, "true"], capture_output=True).returncode == 0 else []
    except OSError:
        return []


def make_read_only(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)


def make_writable(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the sources without WebAssembly, as a clean checkout is, and build from them what a release uploads."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(
        PACKAGE,
        source,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("tests", "binaries", "_generated", "__pycache__"),
    )
    run([sys.executable, "-m", "build", "--no-isolation"], source)
    return source


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """Return the wheel, which was built from the source distribution."""
    return next((source / "dist").glob("*.whl"))


def test_same_bytes_from_the_sources_as_from_their_distribution(source: Path, wheel: Path) -> None:
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "again"], source)
    assert (source / "again" / wheel.name).read_bytes() == wheel.read_bytes()


def test_metadata_that_an_index_takes_and_renders(source: Path, studio_wheel: Path) -> None:
    uploads = [*sorted(map(str, (source / "dist").iterdir())), str(studio_wheel)]
    shown = run([sys.executable, "-m", "twine", "--no-color", "check", "--strict", *uploads], source)
    assert re.findall("PASSED|FAILED", shown) == ["PASSED"] * 3


def test_contents(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert sorted(name for name in names if "wasm/binaries" in name or name.endswith((".wasm", ".wat"))) == [
        "prisma/wasm/binaries/bridge.cwasm",
        "prisma/wasm/binaries/call_log.cwasm",
        "prisma/wasm/binaries/callbacks.cwasm",
        "prisma/wasm/binaries/engine_bridge.cwasm",
        "prisma/wasm/binaries/engine_callbacks.cwasm",
        "prisma/wasm/binaries/manifest.json",
        "prisma/wasm/binaries/query_compiler.cockroachdb.cwasm",
        "prisma/wasm/binaries/query_compiler.mysql.cwasm",
        "prisma/wasm/binaries/query_compiler.postgresql.cwasm",
        "prisma/wasm/binaries/query_compiler.sqlite.cwasm",
        "prisma/wasm/binaries/schema.cwasm",
        "prisma/wasm/binaries/schema_engine.cwasm",
        "prisma/wasm/binaries/values.cwasm",
    ]
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size < LARGEST
    assert not [
        name
        for name in names
        if re.search(r"_generated|node_modules|(^|/)tests?/|\.(js|mjs|cjs)$|package\.json$", name)
    ]
    assert {"prisma/py.typed", "prisma/__init__.py"} <= set(names)
    assert sorted(name.rpartition("/")[2] for name in names if "dist-info" in name) == [
        "LICENSE",
        "METADATA",
        "NOTICE",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
    ]


@pytest.fixture(scope="module")
def studio_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of Studio's page."""
    folder = tmp_path_factory.mktemp("studio")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run(build, PACKAGE.with_name("prisma-studio"))
    return next(folder.glob("*.whl"))


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Install wheels into a new environment; return its programs and its packages. No connection leaves the machine."""

    def install(*wheels: Path) -> tuple[Path, Path]:
        environment = tmp_path / "venv"
        run(["uv", "venv", "--quiet", "--python", sys.executable, str(environment)], tmp_path)
        python = str(environment / "bin" / "python")
        run(["uv", "pip", "install", "--quiet", "--python", python, *map(str, wheels)], tmp_path)
        packages = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path).strip())
        (packages / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
        return environment / "bin", packages

    return install


def test_generate_and_query_without_network(
    wheel: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path, database: str
) -> None:
    programs, packages = install(wheel)
    python, prisma = str(programs / "python"), str(programs / "prisma")
    (tmp_path / "schema.prisma").write_text(SCHEMA, encoding="utf-8")
    variables = {"DATABASE_URL": database}
    run([prisma, "generate"], tmp_path, **variables)
    make_read_only(packages)
    nowhere = {"HOME": "/dev/null", "PRISMA_CACHE_DIR": "/dev/null/cache", "PYTHONDONTWRITEBYTECODE": "1"}
    assert run([python, "-c", QUERY], tmp_path, **variables, **nowhere) == "offline\nhello\n"
    make_writable(packages)
    types = ast.parse((packages / "prisma" / "types.py").read_text(encoding="utf-8"))
    classes = {node.name for node in types.body if isinstance(node, ast.ClassDef)}
    assert {"NoteCreateInput", "NoteWhereInput", "NoteUpdateInput"} <= classes
    assert run([python, "-c", TYPES], tmp_path, **variables) == "True prisma.types {'text': 'x'}\n"
    assert "Generated" in run([prisma, "generate"], tmp_path, **variables)
    run([python, "-m", "prisma_cleanup"], tmp_path)
    assert run([python, "-c", UNGENERATED], tmp_path) == "ClientNotGeneratedError\n"


def test_every_command_without_node_and_network(
    wheel: Path, studio_wheel: Path, install: Callable[..., tuple[Path, Path]], tmp_path: Path, database: str
) -> None:
    programs, _ = install(wheel, studio_wheel)
    project = tmp_path / "project"
    for name, text in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    environment = {"PATH": str(programs), "HOME": str(tmp_path), "PYTHONUTF8": "1", "NO_COLOR": "1"}
    network = own_network()
    for words, shown in COMMANDS:
        command = [*network, str(programs / "prisma"), *words.replace("URL", database).split()]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
        assert (done.returncode, shown in done.stdout, done.stderr) == (0, True, ""), (words, done)
    command = [str(programs / "prisma"), "studio", "--browser", "none"]
    with subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) as studio:
        assert studio.stdout is not None
        try:
            address = next(found[0] for line in studio.stdout if (found := re.search(r"http://\S+", line)))
            page = httpx.get(address, trust_env=False, follow_redirects=True)
        finally:
            studio.terminate()
            # It says goodbye: a pipe that is closed already would be its error.
            studio.communicate(timeout=60)
    assert (page.status_code, "<title>Prisma Studio</title>" in page.text, studio.returncode) == (200, True, 0)
