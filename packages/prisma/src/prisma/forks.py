"""Lets forked processes give up the connections of their parent.

A forked process shares its parent's sockets. It also has copies of the parent's locks, and a thread that holds one may
not exist in it.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Inherited(Protocol):
    """An object that a forked process must not use."""

    def leave_to_parent(self) -> None:
        """Drop what belongs to the parent process, without touching its sockets and event loops."""
        ...


_owned: Final[WeakSet[Inherited]] = WeakSet()


def leave_to_parent_on_fork(thing: Inherited) -> None:
    """Call `leave_to_parent` of an object in each process that this one forks, as long as the object lives."""
    _owned.add(thing)


def _leave_all() -> None:
    for thing in list(_owned):
        thing.leave_to_parent()


# Where processes can't be forked there is nothing to register.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)
