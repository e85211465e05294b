"""Finds the class of a project's client."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from prisma.errors import ClientNotGeneratedError
from prisma.generator.import_names import import_names
from prisma.generator.options import python_generators, read_options
from prisma.generator.pipeline import DEFAULT_OUTPUT, output_folder
from prisma.generator.project_options import read_project

if TYPE_CHECKING:
    from pathlib import Path


def named_client(name: str) -> Any:
    """Return the class that `module:name` names."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute or "Prisma")


def generated_client(root: Path, schema: Path | None = None) -> Any:
    """Return the client of the first generator block of the schema below `root`.

    Raises:
        GeneratorError: there is no schema.
        ClientNotGeneratedError: the folder of the client can't be imported from where Python looks for modules.
    """
    _, config = read_project(schema, root)
    folder = output_folder(read_options(python_generators(config, ())[0], os.environ), root)
    if folder == DEFAULT_OUTPUT:
        return named_client("prisma")
    names = list(import_names(folder))
    if not (folder.is_dir() and names):
        reason = "can't be imported from where Python looks for modules" if folder.is_dir() else "does not exist"
        raise ClientNotGeneratedError(
            f"The folder of the client, {folder}, {reason}. Run `prisma generate`, or name the client in pytest's "
            'settings: prisma_client = "module:Prisma", and pythonpath if the module is not found.'
        )
    return named_client(names[0])
