"""Base classes for custom generators: programs in Python that Prisma's CLI starts for a generator block."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prisma.errors import GeneratorError, PrismaError
from prisma.generator.dmmf_models import DefaultData
from prisma.generator.json_rpc import INVOCATION, serve

__all__ = ["BaseGenerator", "GenericGenerator", "Manifest", "cleanup_templates", "render_template"]

DEBUG: Final = "PRISMA_PY_DEBUG_GENERATOR"
TEMPLATE_SUFFIX: Final = ".jinja"
LOGGER: Final = logging.getLogger("prisma.generator")

DataT = TypeVar("DataT", bound=BaseModel)
Engine: TypeAlias = Literal["prismaFmt", "queryEngine", "libqueryEngine", "migrationEngine", "introspectionEngine"]


class Manifest(BaseModel):
    """The facts of a generator that the CLI asks for, such as its name for users and its default output."""

    model_config = ConfigDict(populate_by_name=True)

    prettyName: str = Field(alias="name")
    defaultOutput: str | Path = Field(alias="default_output")
    denylist: list[str] | None = None
    requiresEngines: list[Engine] | None = Field(alias="requires_engines", default=None)
    requiresGenerators: list[str] | None = Field(alias="requires_generators", default=None)


class GenericGenerator(ABC, Generic[DataT]):
    """A generator that is given its data as `DataT`, a `GenericData[…]` with the options that it takes."""

    @abstractmethod
    def get_manifest(self) -> Manifest:
        """Return the facts about the generator."""

    @abstractmethod
    def generate(self, data: DataT) -> None:
        """Write files for a schema."""

    @classmethod
    def invoke(cls) -> None:
        """Make a generator and run it."""
        cls().run()

    def run(self) -> None:
        """Answer the CLI's requests until it closes the pipe.

        Raises:
            RuntimeError: this process was not started by Prisma's CLI.
        """
        if not os.environ.get(INVOCATION):
            raise RuntimeError("Attempted to invoke a generator outside of Prisma generation")
        serve(sys.stdin, sys.stderr, {"getManifest": self._manifest, "generate": self._generate}, _explain)

    @cached_property
    def data_class(self) -> type[DataT]:
        """The class that the data is given as.

        Raises:
            TypeError: the generator's class does not derive from `GenericGenerator[…]` with a pydantic model.
        """
        for cls in type(self).__mro__:
            for base in getattr(cls, "__orig_bases__", ()):
                arguments = get_args(base)
                if get_origin(base) is GenericGenerator and not isinstance(arguments[0], TypeVar):
                    if isinstance(arguments[0], type) and issubclass(arguments[0], BaseModel):
                        return cast("type[DataT]", arguments[0])
                    raise TypeError(f"Expected a subclass of {BaseModel} for GenericGenerator[…], got {arguments[0]}.")
        raise TypeError(f"{type(self).__name__} does not say which data it takes: derive it from GenericGenerator[…].")

    def _manifest(self, _parameters: Any) -> dict[str, Any]:
        return {"manifest": self.get_manifest().model_dump(mode="json", by_alias=False)}

    def _generate(self, parameters: Any) -> None:
        if parameters is None:
            raise GeneratorError("Prisma's CLI sent no data to generate from.")
        if os.environ.get(DEBUG):
            LOGGER.warning("Parameters of the generator:\n%s", json.dumps(parameters, indent=2))
        self.generate(self.data_class.model_validate(parameters))


class BaseGenerator(GenericGenerator[DefaultData]):
    """A generator without options."""


def render_template(rootdir: Path, name: str, params: dict[str, Any], *, env: Any = None) -> None:
    """Render the template `name` of a Jinja environment to the file of that name, without `.jinja`, below `rootdir`.

    Raises:
        GeneratorError: no environment is given; this package has no templates of its own.
    """
    if env is None:
        raise GeneratorError("render_template() needs `env`, a jinja2.Environment with your templates.")
    file = _target(rootdir, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(env.get_template(name).render(**params), encoding="utf-8")


def cleanup_templates(rootdir: Path, *, env: Any = None) -> None:
    """Remove the files of an environment's templates; without an environment, the generated client in `rootdir`."""
    if env is None:
        from prisma_cleanup import remove_generated

        remove_generated(rootdir)
        return
    for name in env.list_templates():
        _target(rootdir, name).unlink(missing_ok=True)


def _target(rootdir: Path, name: str) -> Path:
    return rootdir / name.removesuffix(TEMPLATE_SUFFIX)


def _explain(error: Exception) -> str:
    """Say what is wrong; with a traceback if it is a fault of the generator."""
    if isinstance(error, PrismaError | ValidationError):
        return str(error)
    return "".join(traceback.format_exception(error)).strip()
