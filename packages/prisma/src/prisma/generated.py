"""Loads modules of the generated client from its default folder, and explains it if there is none."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

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


class Parts:
    """The names of several modules of a generated client, each imported when one of its names is asked for.

    `models` holds the names of the models that each module has the types of, by the module's name.
    """

    def __init__(self, package: str, models: Mapping[str, Sequence[str]]) -> None:
        self._package = package
        self._models = models

    def find(self, name: str) -> Any:
        """Return what has a name in one of the modules; `__all__` are the public names of all of them.

        Raises:
            AttributeError: none has it.
        """
        if name == "__all__":
            return self.names()
        if not name.startswith("__"):
            for module in sorted(self._models, key=lambda each: self._distance(each, name)):
                found = vars(import_module(f"{self._package}.{module}"))
                if name in found:
                    return found[name]
        raise AttributeError(f"The generated types have no {name}.")

    def names(self) -> list[str]:
        modules = (import_module(f"{self._package}.{module}") for module in self._models)
        return sorted({name for module in modules for name in vars(module) if not name.startswith("_")})

    def _distance(self, module: str, name: str) -> int:
        """Return a small number for a module that is likely to have a name: a model of it is much of the name."""
        return -max((len(model) for model in self._models[module] if model in name), default=0)
