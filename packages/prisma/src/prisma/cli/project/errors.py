"""The error of a command, and how it is printed."""

from __future__ import annotations

import click

from prisma.errors import PrismaError


class CommandError(PrismaError):
    """A command can't go on, for a reason that the user can correct.

    Attributes:
        message: the reason, in one sentence.
        fix: the remedy; None if the message says it.
        exit_code: the process's exit code.
    """

    def __init__(self, message: str, fix: str | None = None, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.exit_code = exit_code


def report(error: Exception) -> int:
    """Print an error on stderr and return the exit code."""
    if isinstance(error, CommandError):
        _say(error.message, error.fix)
        return error.exit_code
    if isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        is_taken = isinstance(error, FileExistsError)
        fix = None if is_taken else "Check that the folder exists and that you may write to it."
        _say(f"{error.strerror or error}{place}", fix)
        return 1
    message = getattr(error, "message", None) or str(error)
    code = getattr(error, "code", None)
    _say(f"{code}\n\n{message}" if code else message, None)
    return 1


def _say(message: str, fix: str | None) -> None:
    click.echo(click.style("Error: ", fg="red", bold=True) + message, err=True)
    if fix:
        click.echo(fix, err=True)
