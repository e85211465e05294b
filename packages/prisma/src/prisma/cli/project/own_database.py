"""Starts the project's own database, which `[tool.prisma] database` in pyproject.toml names.

The setting names a function, so that the database is started when a command needs it and stopped when the command ends.
"""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prisma.cli.project.errors import CommandError
from prisma.cli.project.settings import PYPROJECT, text_setting
from prisma.drivers.postgresql.url import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SETTING = "database"
EXAMPLE = '[tool.prisma]\ndatabase = "devdb:running"'


def project_database(variable: str) -> str | None:
    """Return the URL of the project's database, or None if the project names none.

    Until the command ends, the database is kept and the environment has its URL as `variable`.

    Raises:
        CommandError: the function can't be found, fails or gives no URL.
    """
    name = text_setting(SETTING, EXAMPLE)
    if name is None:
        return None
    url = click.get_current_context().find_root().with_resource(_held(name, variable))
    # On stderr, because other programs read stdout.
    click.echo(f"Database of this project: {redact(url)}", err=True)
    return url


@contextmanager
def _held(name: str, variable: str) -> Generator[str]:
    function = _imported(name)
    with ExitStack() as stack:
        with _failures(name):
            given = function()
            url: Any = stack.enter_context(given) if hasattr(given, "__enter__") else given
        if not isinstance(url, str):
            raise CommandError(f"{_described(name)} gave {type(url).__name__} instead of a URL.")
        os.environ[variable] = url
        try:
            yield url
        finally:
            del os.environ[variable]
            with _failures(name):
                stack.close()


def _imported(name: str) -> Callable[[], Any]:
    module, separator, function = name.partition(":")
    if not separator:
        raise CommandError(f"{_described(name)} is not of the form module:function.", f"For example:\n{EXAMPLE}")
    # As for `python -m`: the project's modules need not be installed.
    sys.path.insert(0, str(Path.cwd()))
    with _failures(name):
        return getattr(importlib.import_module(module), function)


@contextmanager
def _failures(name: str) -> Generator[None]:
    """Turn an error of the project's function into a CommandError, with its attribute `fix` if it has one."""
    try:
        yield
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise CommandError(f"{_described(name)} failed: {reason}", getattr(error, "fix", None)) from error


def _described(name: str) -> str:
    return f"`{SETTING}` of [tool.prisma] in {PYPROJECT} ({name})"
