"""The command as a function, for programs that call it as in 0.15.0."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

__all__ = ("run",)

# -P: the working directory may hold a module with the name of this package.
_COMMAND: Final = (sys.executable, "-P", "-m", "prisma")


def run(args: Sequence[str], check: bool = False, env: Mapping[str, str | None] | None = None) -> int:
    """Run `prisma` in a new process and return its exit code.

    Its output goes to `sys.stdout` and `sys.stderr`, also if the program has replaced them.

    Args:
        args: the arguments of `prisma`.
        check: raise for an exit code that is not 0.
        env: variables that override those of this process; None removes one.

    Raises:
        subprocess.CalledProcessError: the command failed and `check` is set.
    """
    variables: dict[str, str | None] = {**os.environ, **(env or {})}
    environment = {name: value for name, value in variables.items() if value is not None}
    outputs = (sys.stdout, sys.stderr)
    pipes = [subprocess.PIPE if _is_in_memory(output) else output for output in outputs]
    done = subprocess.run(
        [*_COMMAND, *args], check=False, env=environment, stdout=pipes[0], stderr=pipes[1], encoding="utf-8"
    )
    for output, text in zip(outputs, (done.stdout, done.stderr), strict=True):
        output.write(text or "")
    if check:
        done.check_returncode()
    return done.returncode


def _is_in_memory(output: TextIO) -> bool:
    try:
        output.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return True
    return False
