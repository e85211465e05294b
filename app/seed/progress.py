"""The progress of a long seed: a bar on a terminal, a line for each tenth elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO

BAR = 30  # characters
STEPS = 10


class ProgressBar:
    """Shows how far the work is, how fast, and how long it will take."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._terminal = self._stream.isatty()
        self._shown = -1

    def __call__(self, *, users: int, of: int, written: int, rows: int, seconds: float) -> None:
        """Show it; see `app.seed.volume.Progress`."""
        step = users * STEPS // of
        if not self._terminal and step == self._shown:
            return
        self._shown = step
        line = f"crowd: {users:,} of {of:,} users, {_speed(of - users, written, rows, seconds)}"
        if not self._terminal:
            print(f"      {line}", file=self._stream, flush=True)
            return
        done = BAR * users // of
        # Over the line before, down to its end.
        print(f"\r      [{'#' * done}{'.' * (BAR - done)}] {line}\x1b[K", end="", file=self._stream, flush=True)
        if users == of:
            print(file=self._stream, flush=True)


def _speed(missing: int, written: int, rows: int, seconds: float) -> str:
    if not rows or seconds <= 0:
        return "all there already"
    # By the pace of this run, without the rows of earlier runs.
    left = f", {missing * seconds / written:.0f} s left" if missing else ""
    return f"{rows:,} new rows, {rows / seconds:,.0f} rows/s{left}"
