"""Holds Ctrl-C and requests to end back while the module is on the stack, where an exception would be lost."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

# 128 and the number of the signal, as shells count.
_SIGNAL_EXIT_BASE: Final = 128


class Interrupts:
    """Makes exceptions of SIGINT and SIGTERM, but only inside `allowed` and at the end of the block of `held`.

    Handlers that a program has set itself stay; threads other than the main thread get no signals.
    """

    def __init__(self) -> None:
        self._are_allowed = False
        self._waiting: BaseException | None = None

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold interrupts back; one that has waited is raised at the end."""
        before = self._take_over()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self._raise_waiting()

    @contextmanager
    def allowed(self) -> Generator[None]:
        """Raise interrupts in the block, and one that has waited at its start."""
        try:
            self._are_allowed = True
            self._raise_waiting()
            yield
        finally:
            self._are_allowed = False

    def _take_over(self) -> dict[int, Any]:
        if threading.current_thread() is not threading.main_thread():
            return {}
        wanted = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
        taken = {int(number): handler for number, handler in wanted.items() if signal.getsignal(number) is handler}
        for number in taken:
            signal.signal(number, self._interrupt)
        return taken

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        self._waiting = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(_SIGNAL_EXIT_BASE + number)
        if self._are_allowed:
            self._raise_waiting()

    def _raise_waiting(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            raise waiting
