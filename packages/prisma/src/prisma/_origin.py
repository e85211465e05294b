"""Where the generated client comes from: its schema, and the engine that programs of 0.15.0 asked about."""

from __future__ import annotations

from pathlib import Path

from prisma.generated import load
from prisma.generator.dmmf_models import BinaryPaths, EngineType


def schema_path() -> Path:
    """Return the path of the schema that the client was generated from, as it was then."""
    return Path(load("metadata").SCHEMA.path)


def engine_type() -> EngineType:
    """Return the kind of engine that programs of 0.15.0 ran with."""
    return EngineType.binary


def binary_paths() -> BinaryPaths:
    """Return the paths of engines: none."""
    return BinaryPaths()
