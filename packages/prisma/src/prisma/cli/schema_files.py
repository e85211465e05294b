"""The schema's files: found and read as `prisma generate` does, with paths as messages shall show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """A schema: the file or folder that was named or found, and its files as pairs of path and text.

    The paths are relative to the working directory unless an absolute one was named.
    """

    path: Path
    files: list[tuple[str, str]]


def read_schema(given: Path | None = None) -> SchemaFiles:
    """Find the schema below the working directory and read its files.

    Raises:
        GeneratorError: there is none, or it can't be read.
    """
    from prisma.generator.source import find_schema, read_source

    source = read_source(find_schema(Path(), given))
    return SchemaFiles(source.path, list(source.files))
