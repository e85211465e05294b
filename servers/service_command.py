"""`python -m app` and the like, prepared: what the service imports from elsewhere is there, but no module of its own.

So a program takes the service from the folder that it runs in, which may be a copy that a test has spoilt.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from servers.prepared import PreparedPython

ROOT = Path(__file__).resolve().parent.parent
IMPORTS = (
    "asyncpg",
    "email_validator",
    "fastapi",
    "prometheus_client.multiprocess",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.supervisors",
    "prisma.drivers.postgresql.asyncpg",
    "prisma.generator",
    "prisma.migrate",
)


def prepared_service() -> PreparedPython:
    """Start the process that becomes one of the service's programs."""
    return PreparedPython(IMPORTS, f"{__name__}:rehearse")


def rehearse() -> None:
    """Import the generated client, and find that it is up to date, which loads a WebAssembly module."""
    from prisma import models
    from prisma.generator import generate

    assert models
    generate(ROOT / "schema.prisma", root=ROOT)


def run_module() -> None:
    """Be `python -m`, with the module as the first argument."""
    _, module, *sys.argv[1:] = sys.argv
    runpy.run_module(module, run_name="__main__", alter_sys=True)


RUN_MODULE = f"{__name__}:{run_module.__name__}"
