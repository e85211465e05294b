"""The memory of a module, through its exports."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, cast

from prisma.javascript.functions import UNSIGNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wasmtime import Memory, Store


class ExportedMemory:
    """A module's memory (see functions.LinearMemory); empty until `attach`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def attach(self, exports: Mapping[str, object]) -> None:
        """Take the memory and its allocator from the module's exports."""
        self._memory = cast("Memory", exports["memory"])
        self._allocate = cast("Any", exports["__wbindgen_malloc"])

    def read(self, address: int, length: int) -> bytes:
        """Return bytes of it."""
        return read_memory(self._store, self._memory, address & UNSIGNED, length & UNSIGNED)

    def write(self, address: int, data: bytes) -> None:
        """Overwrite bytes of it."""
        self._memory.write(self._store, data, address & UNSIGNED)

    def put(self, data: bytes) -> int:
        """Allocate room for bytes, which the module will own, and return its address."""
        address = self._allocate(self._store, len(data), 1) & UNSIGNED
        self.write(address, data)
        return address

    def size(self) -> int:
        """Return its length in bytes."""
        return self._memory.data_len(self._store)


def read_memory(store: Store, memory: Memory, start: int, length: int) -> bytes:
    """Return bytes of a memory.

    `Memory.read` makes a ctypes type for each length it meets, which takes longer than the copy.
    """
    if start < 0 or length < 0 or start + length > memory.data_len(store):
        raise IndexError(f"{length} bytes from {start} are not all inside the memory.")
    return ctypes.string_at(ctypes.addressof(memory.data_ptr(store).contents) + start, length)
