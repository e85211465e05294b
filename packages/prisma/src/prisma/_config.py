"""Reads the package's configuration from `[tool.prisma]` of pyproject.toml and from the environment, which wins."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field

__all__ = ("Config", "config")

_PREFIX: Final = "PRISMA_"


class Config(BaseModel):
    """Settings under the names that 0.15.0 had.

    They were for engines and downloads that no longer exist: they can be read and set, and have no effect.
    """

    model_config = ConfigDict(extra="ignore")

    prisma_version: str = Field(default_factory=lambda: _upstream_version())
    expected_engine_version: str = Field(default_factory=lambda: _upstream_version())
    home_dir: Path = Field(default_factory=Path.home)
    binary_cache_dir: Path = Field(default_factory=lambda: _cache("binaries"))
    binary_platform: str | None = None
    use_global_node: bool = True
    use_nodejs_bin: bool = True
    nodeenv_extra_args: list[str] = Field(default_factory=list)
    # No release of this package makes the folder; programs check whether it exists.
    nodeenv_cache_dir: Path = Field(default_factory=lambda: _cache("no-nodeenv"))

    @classmethod
    def load(cls, path: Path | None = None) -> Config:
        """Read a pyproject.toml (default: the working directory's, if there is one).

        Raises:
            pydantic.ValidationError: a setting has a value that it can't have.
        """
        path = Path("pyproject.toml") if path is None else path
        written: Any = {}
        if path.exists():
            written = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("prisma", {})
        return cls.parse(**written)

    @classmethod
    def parse(cls, **settings: Any) -> Config:
        """Take settings by name; the variable `PRISMA_` and the name in capitals overrides each."""
        for name, field in cls.model_fields.items():
            value = os.environ.get(_variable(name))
            if value is not None:
                settings[name] = _words(value) if field.annotation == list[str] else value
        return cls.model_validate(settings)


class _LazyConfig:
    """The configuration, read when one of its settings is first used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        loaded = Config.load()
        for key, value in loaded:
            setattr(self, key, value)
        return getattr(loaded, name)

    def __repr__(self) -> str:
        return repr(Config.load())


config: Config = cast("Config", _LazyConfig())
"""The configuration of the working directory."""


def _variable(name: str) -> str:
    return _PREFIX + name.upper().removeprefix(_PREFIX)


def _words(value: str) -> list[str]:
    return json.loads(value) if value.lstrip().startswith("[") else value.split()


def _upstream_version() -> str:
    """Return the release of Prisma whose query compiler, schema engine and schema module the package holds."""
    from prisma.wasm.modules import manifest

    return manifest().prisma


def _cache(name: str) -> Path:
    from prisma.wasm.cache_files import cache_folder

    return (cache_folder() or Path.home()) / name
