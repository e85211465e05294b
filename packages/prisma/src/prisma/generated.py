"""The generated client in its default place: loading its modules, and what to say where there is none."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from prisma.errors import ClientNotGeneratedError

if TYPE_CHECKING:
    from prisma.generator.description import BinaryPaths, EngineType

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
        # Something else that is missing is no reason to generate again.
        if error.name not in {_PACKAGE, module}:
            raise
        raise ClientNotGeneratedError(
            f"The client hasn't been generated yet: {Path(__file__).parent / '_generated'} does not hold one "
            f"(interpreter {sys.executable}). Run `prisma generate` in this environment; "
            "if the schema's generator block has an `output`, import the client from that folder instead."
        ) from error


def schema_path() -> Path:
    """Return the path of the schema that the client was generated from, as it was then."""
    return Path(load("metadata").SCHEMA.path)


def engine_type() -> EngineType:
    """Return the kind of engine that programs of 0.15.0 ran with."""
    from prisma.generator.description import EngineType

    return EngineType.binary


def binary_paths() -> BinaryPaths:
    """Return the paths of engines: none."""
    from prisma.generator.description import BinaryPaths

    return BinaryPaths()
