"""Finds the files of a schema and reads them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from prisma.errors import GeneratorError
from prisma.frozen import Frozen

_PLACES: Final = (Path("schema.prisma"), Path("prisma/schema.prisma"), Path("prisma/schema"))


class SchemaFiles(Frozen):
    """A schema: the file or folder that was named or found, and its files as pairs of path and text.

    The paths are relative, as messages show them, if the path that was named or the root is.
    """

    path: Path
    files: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The text of all files, one after the other."""
        return "\n".join(text for _, text in self.files)


def find_schema(root: Path, schema: Path | None = None) -> Path:
    """Return the schema's file or folder.

    Without `schema`, that is what `[tool.prisma] schema` in pyproject.toml or `prisma.schema` in package.json says,
    else `schema.prisma`, `prisma/schema.prisma` or the folder `prisma/schema`, all below `root`.

    Raises:
        GeneratorError: there is no such file or folder.
    """
    if schema is None:
        configured = next(_configured(root), None)
        if configured is None:
            return _default(root)
        schema, where = configured
        hint = f"{where} names it."
    else:
        hint = "Check the path, which is relative to the working directory."
    path = root / schema
    if not path.exists():
        raise GeneratorError(f"There is no schema at {path}. {hint}")
    return path


def read_schema(schema: Path | None = None, root: Path | None = None) -> SchemaFiles:
    """Find a schema as `find_schema` says and read it.

    Args:
        schema: a schema file or folder.
        root: the folder that relative paths start from; the working directory if None.

    Raises:
        GeneratorError: there is no schema, or it can't be read.
    """
    return read_files(find_schema(root or Path(), schema))


def read_files(path: Path) -> SchemaFiles:
    """Read a schema file, or all `.prisma` files below a folder in the order of their paths.

    Raises:
        GeneratorError: the folder holds none, or a file can't be read.
    """
    paths = sorted(path.rglob("*.prisma")) if path.is_dir() else [path]
    if not paths:
        raise GeneratorError(f"The folder {path} holds no .prisma files.")
    try:
        return SchemaFiles(path, tuple((str(file), file.read_text(encoding="utf-8")) for file in paths))
    except (OSError, UnicodeDecodeError) as error:
        raise GeneratorError(f"The schema can't be read: {error}") from error


def _configured(root: Path) -> Iterator[tuple[Path, str]]:
    for name, parser, keys in (
        ("pyproject.toml", "tomllib", ("tool", "prisma", "schema")),
        ("package.json", "json", ("prisma", "schema")),
    ):
        file = root / name
        if file.is_file():
            try:
                value: Any = import_module(parser).loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise GeneratorError(f"{file} can't be read: {error}") from error
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            if isinstance(value, str):
                yield Path(value), f"{name} ({'.'.join(keys)})"


def _default(root: Path) -> Path:
    for place in _PLACES:
        if (root / place).exists():
            return root / place
    places = ", ".join(str(place) for place in _PLACES)
    raise GeneratorError(
        f"There is no schema in {root}: looked for {places}. "
        'Pass --schema PATH, or write [tool.prisma] schema = "PATH" into pyproject.toml.'
    )
