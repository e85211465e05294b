"""Reads the options of a generator block, and the environment that overrides them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prisma.errors import GeneratorError
from prisma.generator.concurrency import DRIVERS, INTERFACES

ENVIRONMENT_PREFIX: Final = "PRISMA_PY_CONFIG_"
PROVIDER: Final = "prisma-client-py"
PYPROJECT: Final = "pyproject.toml"
TABLE: Final = "[tool.prisma.generator]"

# The options of a generator block besides `provider`, `output`, `previewFeatures` and `binaryTargets`, by their names
# in the environment.
_OPTIONS: Final = {
    "interface": "interface",
    "recursive_type_depth": "recursive_type_depth",
    "partial_type_generator": "partial_type_generator",
    "enable_experimental_decimal": "enable_experimental_decimal",
    "engine_type": "engineType",
    "driver": "driver",
}
# `prisma-client-py`, `python -m prisma`, `coverage run -m prisma`, `/some/bin/prisma-client-py.exe`: any command that
# ends up in this package.
_OURS = re.compile(r"(?:^|[\s/\\])prisma-client-py(?:\.exe)?(?:\s|$)|\s-m\s+prisma(?:\s|$)")
# Names that people write for ours by mistake. Programs of npm have "py" in other places of their names.
_MISSPELT = re.compile(r"^prisma[-_]?(?:client[-_]?)?py(?:thon)?$", re.IGNORECASE)
# `python -m gen`, `python3.12 gen.py`, `/venv/bin/python gen.py`, `coverage run gen.py`, `./gen.py`
_PYTHON = re.compile(r"^(?:\S*[/\\])?(?:python[\d.]*(?:\.exe)?|coverage|uv)\s|^\S+\.py(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Options:
    """One generator block.

    `output` is as written, and `output_base` the schema file that it is relative to. `recursive_type_depth`,
    `enable_experimental_decimal` and `engine_type` are accepted: types are always recursive,
    decimals always on, and there is one engine. `driver` is the PostgreSQL library that the client uses.
    """

    name: str
    output: str | None
    output_base: str
    preview_features: tuple[str, ...]
    interface: str
    recursive_type_depth: int
    partial_type_generator: str | None
    enable_experimental_decimal: bool
    engine_type: str | None
    driver: str


def python_generators(
    config: Mapping[str, Any], names: Sequence[str], *, required: bool = True
) -> list[Mapping[str, Any]]:
    """Return the generator blocks that make a Python client: those in `names`, or all that this package provides.

    Raises:
        GeneratorError: no block in `names` makes a client although one is `required`, or no block has one of the names.
    """
    blocks: list[Mapping[str, Any]] = config["generators"]
    unknown = [name for name in names if name not in {block["name"] for block in blocks}]
    if unknown:
        raise GeneratorError(f"The schema has no generator named {', '.join(unknown)}.")
    ours = [block for block in blocks if _OURS.search(_provider(block)) and (not names or block["name"] in names)]
    if required and not ours:
        raise GeneratorError(
            f"The provider of {', '.join(names)} is another program than {PROVIDER}; `npx prisma generate` runs those "
            "of npm."
        )
    return ours


def check_providers(config: Mapping[str, Any]) -> None:
    """Refuse a provider that is probably meant to be this package, before its block is taken for one of npm.

    Raises:
        GeneratorError: there is such a block.
    """
    for block in config["generators"]:
        if _MISSPELT.search(_provider(block)):
            raise GeneratorError(
                f'Generator {block["name"]} has the provider "{_provider(block)}"; write provider = "{PROVIDER}".'
            )


def other_generators(config: Mapping[str, Any], names: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the generator blocks of other programs in Python; those of JavaScript are the business of npx."""
    return [
        block
        for block in config["generators"]
        if _PYTHON.search(_provider(block))
        and not _OURS.search(_provider(block))
        and (not names or block["name"] in names)
    ]


def read_options(block: Mapping[str, Any], environment: Mapping[str, str]) -> Options:
    """Return the options of a generator block; variables `PRISMA_PY_CONFIG_…` override it.

    Raises:
        GeneratorError: an option is unknown or has a value that it can't have.
    """
    place = _place(block)
    written: Mapping[str, Any] = block["config"]
    for key in written:
        if key == "http":
            raise GeneratorError(f'{place}: `http` was renamed; write interface = "asyncio" instead.')
        if key not in _OPTIONS.values():
            known = ", ".join(_OPTIONS.values())
            raise GeneratorError(f"{place} has the unknown option `{key}`; known are {known}.")
    given = {
        option: environment.get(f"{ENVIRONMENT_PREFIX}{option.upper()}", written.get(key))
        for option, key in _OPTIONS.items()
    }
    interface = _interface(place, given["interface"])
    return Options(
        name=block["name"],
        output=_output(place, block["output"], environment),
        output_base=block["sourceFilePath"],
        preview_features=tuple(block["previewFeatures"]),
        interface=interface,
        recursive_type_depth=_depth(place, given["recursive_type_depth"]),
        partial_type_generator=given["partial_type_generator"],
        enable_experimental_decimal=_flag(place, "enable_experimental_decimal", given["enable_experimental_decimal"]),
        engine_type=given["engine_type"],
        driver=_driver(place, interface, given["driver"]),
    )


def _provider(block: Mapping[str, Any]) -> str:
    return block["provider"]["value"] or ""


def _place(block: Mapping[str, Any]) -> str:
    """Return where the options are written, for messages."""
    is_project = Path(block["sourceFilePath"]).name == PYPROJECT
    return f"{TABLE} of {PYPROJECT}" if is_project else f"Generator {block['name']}"


def _output(place: str, output: Mapping[str, Any] | None, environment: Mapping[str, str]) -> str | None:
    if output is None:
        return None
    variable = output["fromEnvVar"]
    if not variable:
        return output["value"]
    if not environment.get(variable):
        raise GeneratorError(f"{place}: `output` is env({variable!r}), which is not set.")
    return environment[variable]


def _interface(place: str, value: str | None) -> str:
    if value is None:
        return "asyncio"
    if value not in INTERFACES:
        raise GeneratorError(f"{place}: interface is asyncio or sync, not {value}.")
    return value


def _driver(place: str, interface: str, value: str | None) -> str:
    known = DRIVERS[interface]
    if value is not None and value not in known:
        choice = " or ".join(known)
        raise GeneratorError(f'{place}: with interface = "{interface}" the driver is {choice}, not {value}.')
    return value or known[0]


def _depth(place: str, value: str | None) -> int:
    try:
        return int(value) if value is not None else -1
    except ValueError as error:
        raise GeneratorError(f"{place}: recursive_type_depth is a whole number, not {value}.") from error


def _flag(place: str, option: str, value: str | None) -> bool:
    if value is None:
        return False
    if value.lower() not in {"true", "false", "1", "0"}:
        raise GeneratorError(f"{place}: {option} is true or false, not {value}.")
    return value.lower() in {"true", "1"}
