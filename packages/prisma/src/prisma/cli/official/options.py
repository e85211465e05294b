"""Options of those of our commands that stand in for the official CLI's, and its way to refuse others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from prisma.cli.project.failure import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound="Callable[..., Any]")

NO_CONFIG = ("--config is not supported: this command brings its own.", "Use --schema to name the schema.")


class OfficialCommand(click.Command):
    """A command that ends with 1, not 2, for an unknown option, and leaves further words alone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "context_settings": {"allow_extra_args": True}})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise CommandError(
                f"unknown or unexpected option: {error.option_name}", f"See: {ctx.command_path} --help"
            ) from error


def official_options(command: C) -> C:
    """Give a command the options `--schema` and `--config`; the second is refused."""
    schema = click.option("--schema", type=click.Path(path_type=Path), help="The schema's file or folder.")
    config = click.option("--config", hidden=True, expose_value=False, callback=_refuse_config)
    return config(schema(command))


def _refuse_config(_context: click.Context, _parameter: click.Parameter, given: str | None) -> None:
    if given is not None:
        raise CommandError(*NO_CONFIG)
