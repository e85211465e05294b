"""The `prisma` command, prepared: it has generated a client and compared schemas already."""

from __future__ import annotations

import contextlib
import io
import os
import pkgutil
import tempfile
from pathlib import Path

# Before its module `main` is imported, which would be what the name means.
from prisma.cli import main
from servers.prepared import PreparedPython

PROGRAM = f"{__name__}:{main.__name__}"
# What the commands themselves import when they come to it.
IMPORTS = (
    "asyncpg",
    "psycopg",
    "pydantic",
    "prisma.client._sync.client",
    "prisma.drivers.postgresql.asyncpg",
    "prisma.drivers.postgresql.psycopg",
    "prisma.generator.pipeline",
)
SCHEMA = """\
datasource db {
  provider = "postgresql"
  url      = "postgresql://nowhere"
}
generator client {
  provider = "prisma-client-py"
  output   = "client"
}
model Author {
  id Int @id
}
"""


def prepared_command() -> PreparedPython:
    """Start the process that becomes `prisma`."""
    return PreparedPython(IMPORTS, f"{__name__}:rehearse")


def rehearse() -> None:
    """Import all commands, and run two that load the WebAssembly modules."""
    from prisma.cli import commands
    from prisma.cli.main import run

    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        __import__(module.name)
    before, environment = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        Path(folder, "schema.prisma").write_text(SCHEMA, encoding="utf-8")
        os.chdir(folder)
        codes = [run(["generate"]), run(["migrate", "diff", "--from-empty", "--to-schema", "schema.prisma"])]
        os.chdir(before)
    os.environ.clear()
    os.environ |= environment
    assert codes == [0, 0], codes
