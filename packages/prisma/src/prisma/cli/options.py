"""Options that several commands have, and how commands take their words: as Prisma's own command does, or unread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from prisma.cli.project.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound="Callable[..., Any]")

NO_CONFIG: Final = ("--config is not supported: this command brings its own.", "Use --schema to name the schema.")
# The command gets its arguments unread, and `--help` among them.
UNREAD: Final[dict[str, Any]] = {"ignore_unknown_options": True, "help_option_names": []}

schema_option = click.option("--schema", type=click.Path(path_type=Path), help="The schema's file or folder.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")
skip_generate_option = click.option("--skip-generate", is_flag=True, help="Don't generate the client afterwards.")
watch_option = click.option("--watch", is_flag=True, help="Generate again whenever the schema changes.")


def generator_option(envvar: str | None = None) -> Callable[[C], C]:
    """Give a command the option `--generator`."""
    return click.option(
        "--generator", "generators", multiple=True, envvar=envvar, help="Only this generator; may be repeated."
    )


class OfficialCommand(click.Command):
    """A command that treats its arguments as Prisma's own does.

    It ends with 1, not 2, for an unknown option, and ignores further words.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "context_settings": {"allow_extra_args": True}})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise CommandError(
                f"unknown or unexpected option: {error.option_name}", f"See: {ctx.command_path} --help"
            ) from error


def unread_arguments(command: C) -> C:
    """Give a command all its words as `arguments`."""
    return click.argument("arguments", nargs=-1, type=click.UNPROCESSED)(command)


def refuse_config(command: C) -> C:
    """Let a command refuse the option `--config`."""
    return click.option("--config", hidden=True, expose_value=False, callback=_refuse_config)(command)


def _refuse_config(_context: click.Context, _parameter: click.Parameter, given: str | None) -> None:
    if given is not None:
        raise CommandError(*NO_CONFIG)
