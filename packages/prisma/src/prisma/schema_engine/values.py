"""The values that one schema engine knows, by numbers, and its rows in WebAssembly (values.wat has the format)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, cast

from prisma.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wasmtime import Memory, Store

NUMBER, STRING, ARRAY, OTHER = range(4, 8)
RECORD = struct.Struct("<4I")
NUMBER_RECORD = struct.Struct("<2Id")
# In this order, by identity: 1 == True, and the engine tells them apart.
CONSTANTS = (UNDEFINED, None, True, False)
FIRST_KEPT = 1 << 29


class Values:
    """Gives numbers to values, and finds the values again.

    A tuple is an array that nobody changes. So its items are copied into the module, where the engine reads them.
    """

    def __init__(self, store: Store, exports: Mapping[str, object]) -> None:
        self._store = store
        self._records = cast("Memory", exports["records"])
        self._texts = cast("Memory", exports["texts"])
        self._reserve = cast("Any", exports["reserve"])
        self._copied: list[object] = list(CONSTANTS)
        self._kept: list[object] = []
        self._texts_end = 0

    def number(self, value: object) -> int:
        """Return the number of a value."""
        for number, constant in enumerate(CONSTANTS):
            if value is constant:
                return number
        return self._copy(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else self._keep(value)

    def value(self, number: int) -> Any:
        """Return the value behind a number."""
        return self._kept[number - FIRST_KEPT] if number >= FIRST_KEPT else self._copied[number]

    def _keep(self, value: object) -> int:
        self._kept.append(value)
        return FIRST_KEPT + len(self._kept) - 1

    def _copy(self, array: tuple[object, ...]) -> int:
        number = len(self._copied)
        records, texts = self._encoded(array)
        start, self._texts_end = self._texts_end, self._texts_end + len(texts)
        self._reserve(self._store, len(self._copied) * RECORD.size, self._texts_end)
        self._records.write(self._store, records, number * RECORD.size)
        self._texts.write(self._store, texts, start)
        return number

    def _encoded(self, array: tuple[object, ...]) -> tuple[bytearray, bytearray]:
        """Return the records of an array and of all in it, level by level, and the texts of their strings."""
        records, texts = bytearray(), bytearray()
        arrays: list[Sequence[object]] = [(array,)]
        # The number behind the last item of the arrays that are listed.
        end = len(self._copied) + 1
        for items in arrays:
            self._copied += items
            for item in items:
                if isinstance(item, str):
                    data = item.encode()
                    records += RECORD.pack(STRING, self._texts_end + len(texts), len(data), 0)
                    texts += data
                elif item is None or isinstance(item, bool):
                    records += RECORD.pack(CONSTANTS.index(item), 0, 0, 0)
                elif isinstance(item, int | float):
                    records += NUMBER_RECORD.pack(NUMBER, 0, item)
                elif isinstance(item, list | tuple):
                    members = cast("Sequence[object]", item)
                    records += RECORD.pack(ARRAY, end, len(members), 0)
                    arrays.append(members)
                    end += len(members)
                else:
                    records += RECORD.pack(OTHER, self.number(item), 0, 0)
        return records, texts
