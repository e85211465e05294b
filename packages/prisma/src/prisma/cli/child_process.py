"""Runs a program on the command's terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import FrameType

SIGNAL_EXIT_BASE: Final = 128


def run_child(command: Sequence[str]) -> int:
    """Run a program and return its exit code, that of a shell if a signal ended it; the program answers signals."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = subprocess.Popen(command)
    with _signals_left_to(process):
        code = process.wait()
    return code if code >= 0 else SIGNAL_EXIT_BASE - code


@contextmanager
def _signals_left_to(process: subprocess.Popen[bytes]) -> Generator[None]:
    """Pass SIGTERM on, and ignore Ctrl-C, which the terminal sends to the child too."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
