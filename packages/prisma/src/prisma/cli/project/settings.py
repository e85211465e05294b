"""Reads settings of commands from `[tool.prisma]` in the pyproject.toml of the working directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prisma.cli.project.errors import CommandError

PYPROJECT = "pyproject.toml"


def text_setting(name: str, example: str) -> str | None:
    """Return a setting, or None if it or the file is missing.

    Raises:
        CommandError: the file is not valid, or the setting is not a string; `example` shows how to write it.
    """
    try:
        text = Path(PYPROJECT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    import tomllib

    try:
        project: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CommandError(f"{PYPROJECT} is not valid TOML: {error}.") from error
    value = project.get("tool", {}).get("prisma", {}).get(name)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise CommandError(f"`{name}` of [tool.prisma] in {PYPROJECT} must be a text.", f"For example:\n{example}")
    return value
