"""Forks: what a process has open belongs to it, and the processes that it forks must not touch it.

They have the same sockets, and their own copies of locks that a thread which they lack may hold.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Inherited(Protocol):
    """Something that a forked process finds in its memory."""

    def leave_to_parent(self) -> None:
        """Give up what belongs to the parent process, without a word to its sockets and event loops."""
        ...


_owned: Final[WeakSet[Inherited]] = WeakSet()


def leave_to_parent_on_fork(thing: Inherited) -> None:
    """Have `leave_to_parent` called in each process that this one forks, as long as the thing lives."""
    _owned.add(thing)


def _leave_all() -> None:
    for thing in list(_owned):
        thing.leave_to_parent()


# Where processes can't be forked there is nothing to register.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)
