"""Adds our generator to a schema that has no block for it, with the options of `[tool.prisma.generator]`.

A project in Python and TypeScript shares one schema, and npm's `prisma generate` fails at a block whose program it does
not find. Such a project writes the options of our generator into its pyproject.toml instead.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from prisma.errors import GeneratorError
from prisma.generator.options import PROVIDER, PYPROJECT, TABLE, check_providers, other_generators, python_generators
from prisma.schema.files import SchemaFiles, read_schema
from prisma.schema.parser import get_config

NAME: Final = "python"


def read_project(schema: Path | None, root: Path) -> tuple[SchemaFiles, dict[str, Any]]:
    """Find and read a schema, and return it with its configuration, which has our generator.

    The configuration lacks our generator only if the schema has generators of other things in Python, and the project
    has no options for ours.

    Raises:
        SchemaError: the schema is wrong.
        GeneratorError: there is no schema, it or the options can't be read, or a provider looks like a wrong name of
            ours.
    """
    source = read_schema(schema, root)
    config = get_config(source.files)
    if python_generators(config, (), required=False):
        return source, config
    check_providers(config)
    table = _read_table(root)
    if table is None and other_generators(config, ()):
        return source, config
    return _with_block(source, config, table or {}, root / PYPROJECT)


def makes_client(schema: Path | None, root: Path) -> bool:
    """Return whether a project asks for a client: by a generator block in the schema, or by options for it."""
    config = get_config(read_schema(schema, root).files)
    return bool(python_generators(config, (), required=False)) or _read_table(root) is not None


def _read_table(root: Path) -> Mapping[str, Any] | None:
    """Return the options of our generator in the project's pyproject.toml, or None if it has no table for them."""
    path = root / PYPROJECT
    try:
        table: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise GeneratorError(f"{path} can't be read: {error}") from error
    for key in ("tool", "prisma", "generator"):
        if not isinstance(table, dict) or key not in table:
            return None
        table = cast("dict[str, Any]", table)[key]
    if not isinstance(table, dict):
        raise GeneratorError(f'`generator` in {PYPROJECT} must be a table: {TABLE}, then lines as interface = "sync".')
    return cast("dict[str, Any]", table)


def _with_block(
    source: SchemaFiles, config: Mapping[str, Any], table: Mapping[str, Any], path: Path
) -> tuple[SchemaFiles, dict[str, Any]]:
    # Accepted, without effect: there are no binaries.
    options = {key: value for key, value in table.items() if key != "binaryTargets"}
    features, output = options.pop("previewFeatures", []), options.pop("output", None)
    if not isinstance(features, list) or not all(isinstance(item, str) for item in cast("list[Any]", features)):
        raise GeneratorError(f"`previewFeatures` of {TABLE} in {PYPROJECT} must be a list of texts.")
    name = _free_name(block["name"] for block in config["generators"])
    if features:
        source = _with_features(source, name, cast("list[str]", features), path)
        config = get_config(source.files)
    blocks = config["generators"]
    block = {
        "name": name,
        "provider": {"fromEnvVar": None, "value": PROVIDER},
        "output": None if output is None else {"fromEnvVar": None, "value": _text("output", output)},
        "config": {key: _text(key, value) for key, value in options.items()},
        # The compiler takes the preview features of all blocks as those of the schema.
        "previewFeatures": list(dict.fromkeys(feature for each in blocks for feature in each["previewFeatures"])),
        "sourceFilePath": str(path.resolve()),
    }
    return source, {**config, "generators": [*(each for each in blocks if each["name"] != name), block]}


def _with_features(source: SchemaFiles, name: str, features: list[str], path: Path) -> SchemaFiles:
    """Add preview features as a block at the end: Prisma's parser checks them, and the compiler finds them there."""
    text = f'generator {name} {{\n  provider = "{PROVIDER}"\n  previewFeatures = {json.dumps(features)}\n}}\n'
    return SchemaFiles(source.path, (*source.files, (str(path), text)))


def _free_name(taken: Iterable[str]) -> str:
    name, taken = NAME, set(taken)
    while name in taken:
        name += "_"
    return name


def _text(option: str, value: object) -> str:
    """Return the value as the schema's parser gives it: numbers and true or false are texts, too."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int):
        raise GeneratorError(f"`{option}` of {TABLE} in {PYPROJECT} must be a text.")
    return str(value)
