"""`prisma.…` hands out the generated client, and says what to do where there is none."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import prisma
from prisma.generator import generate

PACKAGE = Path(prisma.__file__).parent
SCHEMA = """
datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client-py"
  output   = env("OUTPUT")
}
model User {
  id Int @id
}
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the package without a generated client; returns the folder to put on the path."""
    ignored = shutil.ignore_patterns("_generated", "wasm", "node", "__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "site" / "prisma", ignore=ignored)
    return tmp_path / "site"


def _run(code: str, path: Path) -> str:
    command = [sys.executable, "-W", "error", "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path).stdout


@pytest.mark.parametrize(
    "statement", ["from prisma import Prisma", "import prisma.models", "from prisma import types", "prisma.enums"]
)
def test_not_generated(statement: str, installed: Path) -> None:
    attempt = f"try:\n    {statement}\nexcept RuntimeError as error:\n    print(type(error).__name__, error)"
    folder = installed / "prisma" / "_generated"
    assert _run(f"import prisma\n{attempt}", installed) == (
        f"ClientNotGeneratedError The client hasn't been generated yet: {folder} does not hold one "
        f"(interpreter {sys.executable}). Run `prisma generate` in this environment; "
        "if the schema's generator block has an `output`, import the client from that folder instead.\n"
    )


def test_what_needs_no_client(installed: Path) -> None:
    code = "import prisma; print(prisma.Json(1), prisma.errors.DataError.__name__, callable(prisma.register))"
    assert _run(code, installed) == "Json(1) DataError True\n"


def test_type_checkers_see_the_same_names() -> None:
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    imported = {
        alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names if alias.asname
    }
    declared = {ast.unparse(node.target) for node in stub.body if isinstance(node, ast.AnnAssign)}
    assert sorted(imported | declared) == sorted(prisma.__all__)


def test_importing_is_cheap(installed: Path) -> None:
    code = "import prisma; print({'pydantic', 'asyncpg', 'wasmtime', 'prisma.client'} & sys.modules.keys())"
    assert _run(code, installed) == "set()\n"


def test_generated(installed: Path, tmp_path: Path) -> None:
    schema = tmp_path / "schema.prisma"
    schema.write_text(SCHEMA, encoding="utf-8")
    generate(schema, root=tmp_path, environment={"OUTPUT": str(installed / "prisma" / "_generated")})
    code = (
        "import prisma; from prisma import Prisma, models; from prisma.types import UserCreateInput\n"
        "from prisma.models import User\n"
        "print(models.User is User, prisma.Client is Prisma, UserCreateInput(id=1), type(Prisma().user).__name__,\n"
        "      sorted({'prisma._generated.types', 'wasmtime'} & sys.modules.keys()))"
    )
    assert _run(code, installed) == "True True {'id': 1} UserActions ['prisma._generated.types']\n"
