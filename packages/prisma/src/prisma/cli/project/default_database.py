"""The project's own database: what `[tool.prisma] database` in pyproject.toml names, if the environment names none.

It is a function, so that the database can be started when it is needed and stopped when the command ends.
"""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prisma.cli.project.failure import CommandError
from prisma.cli.project.pyproject import PYPROJECT, text_setting
from prisma.drivers.postgresql.url import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SETTING = "database"
EXAMPLE = '[tool.prisma]\ndatabase = "devdb:running"'


def project_database(variable: str) -> str | None:
    """Return the URL of the project's database, or None if the project names none.

    The database is held, and the environment has the URL as `variable`, until the command ends.

    Raises:
        CommandError: the function can't be found, or gave no URL.
    """
    name = text_setting(SETTING, EXAMPLE)
    if name is None:
        return None
    url = click.get_current_context().find_root().with_resource(_held(name, variable))
    # Not among what is printed for other programs.
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
    """Say an error of the project's function in our words; its attribute `fix`, if it has one, is the way out."""
    try:
        yield
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise CommandError(f"{_described(name)} failed: {reason}", getattr(error, "fix", None)) from error


def _described(name: str) -> str:
    return f"`{SETTING}` of [tool.prisma] in {PYPROJECT} ({name})"
