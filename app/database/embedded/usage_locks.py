"""The locks that count the programs which use an embedded server; the system releases them when a program dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


class UsageLocks:
    """The locks of one program that may use the server.

    Programs start, stop, join and leave the server one at a time, within `exclusive`. Each program that uses the server
    shares two locks: `users`, which is only tested within `exclusive`, and `presence`, for which the process that stops
    the server waits outside of it.
    """

    def __init__(self, data_folder: Path) -> None:
        """Open the files.

        Raises:
            OSError: one can't be opened; `filename` says which.
        """
        self._exclusive, self._users, self._presence = (
            _opened(data_folder / f"postgres.{name}") for name in ("lock", "users", "presence")
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._users, self._presence, self._exclusive):
            os.close(file)

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """Wait until no other program is in this block, and keep others out of it."""
        fcntl.flock(self._exclusive, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._exclusive, fcntl.LOCK_UN)

    def join(self) -> None:
        """Become a user of the server, within `exclusive`."""
        for file in (self._users, self._presence):
            fcntl.flock(file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Stop being a user, within `exclusive`, and return whether the server has no other user."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._users, fcntl.LOCK_UN)
        return True

    def wait_until_unused(self) -> None:
        """Wait, outside of `exclusive`, until the server has no user; a new user may join right after."""
        fcntl.flock(self._presence, fcntl.LOCK_EX)
        fcntl.flock(self._presence, fcntl.LOCK_UN)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
