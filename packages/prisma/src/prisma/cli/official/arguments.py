"""Reads those arguments of the official CLI that our commands need to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from prisma.cli.project.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HELP: Final = ("--help", "-h")


@dataclass(slots=True)
class Arguments:
    """Arguments, split into the options that were asked for and the rest, in its order.

    Attributes:
        values: options with their values, the last one given.
        rest: everything else.
    """

    values: dict[str, str] = field(default_factory=dict[str, str])
    rest: list[str] = field(default_factory=list[str])

    def has(self, *flags: str) -> bool:
        """Say whether one of the flags is among the rest."""
        return any(flag in self.rest for flag in flags)


def take_options(arguments: Sequence[str], names: Iterable[str]) -> Arguments:
    """Take the named options, `--name value` or `--name=value`, out of the arguments.

    Raises CommandError if an option's value is missing.
    """
    wanted = set(names)
    taken = Arguments()
    waiting = iter(arguments)
    for argument in waiting:
        name, separator, value = argument.partition("=")
        if name not in wanted:
            taken.rest.append(argument)
        elif separator:
            taken.values[name] = value
        else:
            following = next(waiting, None)
            if following is None:
                raise CommandError(f"{name} needs a value.")
            taken.values[name] = following
    return taken


def peek_option(arguments: Sequence[str], name: str) -> str | None:
    """Return the value of an option that stays among the arguments."""
    return take_options(arguments, [name]).values.get(name)
