"""Users of a data folder's server: each program holds a lock, which the system releases however the program ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


class UsageLocks:
    """The users of one server, seen from one of them.

    Starting, stopping, joining and leaving happen behind the door, one at a time. Each user of the server
    shares two locks: `users`, which is looked at behind the door only, and `presence`, for which the keeper waits in
    front of it.
    """

    def __init__(self, data_folder: Path) -> None:
        """Open the files.

        Raises:
            OSError: one can't be opened; `filename` says which.
        """
        self._door, self._users, self._presence = (
            _opened(data_folder / f"postgres.{name}") for name in ("lock", "users", "presence")
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._users, self._presence, self._door):
            os.close(file)

    @contextmanager
    def door(self) -> Generator[None]:
        """Wait until nobody else is behind the door, and keep it closed."""
        fcntl.flock(self._door, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def join(self) -> None:
        """Become a user, behind the door."""
        for file in (self._users, self._presence):
            fcntl.flock(file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Be no user any more, and return whether nobody else is one, behind the door."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._users, fcntl.LOCK_UN)
        return True

    def wait_for_none(self) -> None:
        """Wait, in front of the door, until there is no user; a moment later there may be one again."""
        fcntl.flock(self._presence, fcntl.LOCK_EX)
        fcntl.flock(self._presence, fcntl.LOCK_UN)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
