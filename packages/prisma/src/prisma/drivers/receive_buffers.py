"""The memory into which asyncio receives: each read of a socket takes a buffer of 256 KiB and shrinks it to what came.

glibc asks the kernel for each block of 128 KiB or more, and gives it back: two system calls and two page faults for
each answer of a server, which is up to half of a small query's time. What is smaller than the largest block that a
program has given back, glibc takes from its heap instead. A shrunken buffer never counts as large.
"""

from __future__ import annotations

from functools import cache

_SIZE = 512 * 1024


@cache
def keep_receive_buffers() -> None:
    """Let this process take buffers of asyncio's size from its heap; other allocators than glibc's don't mind."""
    bytes(_SIZE)
