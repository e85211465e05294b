"""The path of the generated client's schema, and the facts about engines that programs of 0.15.0 read."""

from __future__ import annotations

from pathlib import Path

from prisma.generated import load
from prisma.generator.dmmf_models import BinaryPaths, EngineType


def schema_path() -> Path:
    """Return the path that the schema had when the client was generated."""
    return Path(load("metadata").SCHEMA.path)


def engine_type() -> EngineType:
    """Return the kind of engine that programs of 0.15.0 ran with."""
    return EngineType.binary


def binary_paths() -> BinaryPaths:
    """Return the paths of engines: none."""
    return BinaryPaths()
