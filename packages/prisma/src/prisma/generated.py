"""Loads modules of the generated client from its default folder, and explains it if there is none."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from prisma.errors import ClientNotGeneratedError

_PACKAGE: Final = "prisma._generated"


def load(name: str) -> ModuleType:
    """Return a module of the generated client.

    Raises:
        ClientNotGeneratedError: `prisma generate` has not run, or has written the client to another folder.
    """
    module = f"{_PACKAGE}.{name}"
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        # Generating would not help if another module is missing.
        if error.name not in {_PACKAGE, module}:
            raise
        raise ClientNotGeneratedError(
            f"The client hasn't been generated yet: {Path(__file__).parent / '_generated'} does not hold one "
            f"(interpreter {sys.executable}). Run `prisma generate` in this environment; "
            "if the schema's generator block has an `output`, import the client from that folder instead."
        ) from error
