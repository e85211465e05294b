"""Options and arguments of the commands that the official CLI runs, or ran before us."""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from prisma.cli.project.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

C = TypeVar("C", bound="Callable[..., Any]")

NO_CONFIG: Final = ("--config is not supported: this command brings its own.", "Use --schema to name the schema.")
# The command gets its arguments unread, and `--help` among them.
UNREAD: Final[dict[str, Any]] = {"ignore_unknown_options": True, "help_option_names": []}


# Set by tests that compare our commands with the official ones.
OFFICIAL_SWITCH: Final = "PRISMA_PY_OFFICIAL_CLI"


class OfficialCommand(click.Command):
    """A command that treats its arguments as the official CLI does.

    It ends with 1, not 2, for an unknown option, and ignores further words. `official` is the name of the official
    CLI's command that runs instead if the environment says so.
    """

    def __init__(self, *args: Any, official: str | None = None, **options: Any) -> None:
        super().__init__(*args, **{**options, "context_settings": {"allow_extra_args": True}})
        self._official = official

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if self._official and os.environ.get(OFFICIAL_SWITCH):
            ctx.exit(_run_official(self._official, args))
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise CommandError(
                f"unknown or unexpected option: {error.option_name}", f"See: {ctx.command_path} --help"
            ) from error


def _run_official(name: str, arguments: Sequence[str]) -> int:
    if name == "migrate diff":
        from prisma.cli.official.diff import run_diff

        return run_diff(arguments)
    from prisma.cli.official.database import run_on_schema

    return run_on_schema(name, arguments, may_create=True).exit_code


def unread_arguments(command: C) -> C:
    """Give a command all its words as `arguments`."""
    return click.argument("arguments", nargs=-1, type=click.UNPROCESSED)(command)


def refuse_config(command: C) -> C:
    """Let a command refuse the option `--config`."""
    return click.option("--config", hidden=True, expose_value=False, callback=_refuse_config)(command)


def official_command(group: click.Group, name: str) -> Callable[[Callable[[Sequence[str]], int]], click.Command]:
    """Add a command to a group that runs the official CLI; its help is the CLI's."""

    def add(body: Callable[[Sequence[str]], int]) -> click.Command:
        @wraps(body)
        def run(arguments: Sequence[str]) -> int:
            from prisma.cli.official.arguments import HELP, peek_option
            from prisma.cli.official.run import show_help

            if peek_option(arguments, "--config") is not None:
                raise CommandError(*NO_CONFIG)
            if any(flag in arguments for flag in HELP):
                return show_help(f"{group.name} {name}", arguments)
            return body(arguments)

        return group.command(name, context_settings=UNREAD)(unread_arguments(run))

    return add


def _refuse_config(_context: click.Context, _parameter: click.Parameter, given: str | None) -> None:
    if given is not None:
        raise CommandError(*NO_CONFIG)
