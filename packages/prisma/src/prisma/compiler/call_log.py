"""The reader of the call log: from the compiler's recorded calls to Python values (call_log.wat has the format)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, cast

from prisma.javascript.memory import read_memory
from prisma.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wasmtime import Memory, Store

OBJECT, ARRAY, STRING, NUMBER, SET, PUSH = range(1, 7)
RECORD = struct.Struct("<4I")
PAIR = struct.Struct("<2I")
FLOAT = struct.Struct("<d")
CONSTANTS = (UNDEFINED, None, True, False)
FIRST_RECORD = len(CONSTANTS)
FIRST_LENT = 1 << 29


class CallLog:
    """The values that the compiler made, by their numbers."""

    def __init__(self, store: Store, exports: Mapping[str, object]) -> None:
        self._store = store
        self._records = cast("Memory", exports["records"])
        self._texts = cast("Memory", exports["texts"])
        self._ends = cast("Any", exports["ends"])
        self._reserve = cast("Any", exports["reserve"])
        self._lent: list[object] = []
        # Strings that were used after the call that made them: the compiler's own names for fields.
        self._known: dict[int, object] = dict(enumerate(CONSTANTS))
        self._values = _Values(self)
        self.records_read = 0
        self.texts_read = 0

    def lend(self, value: object) -> int:
        """Return a number for a value of ours."""
        # By identity: 1 == True, and the compiler tells them apart.
        for number, constant in enumerate(CONSTANTS):
            if value is constant:
                return number
        self._lent.append(value)
        return FIRST_LENT + len(self._lent) - 1

    def look_up(self, number: int) -> Any:
        """Return the value behind a number while the compiler is at work."""
        self.read(*self._ends(self._store))
        return self._values[number]

    def take(self, number: int) -> Any:
        """Return the value behind a number, and forget what was made since the last time."""
        value = self._values[number]
        self._values = _Values(self)
        return value

    def write_request(self, data: bytes) -> None:
        """Put bytes behind the end of the texts, where the bridge looks for a request."""
        # Memory grows by calls of the module that owns it.
        if self.texts_read + len(data) > self._texts.data_len(self._store):
            self._reserve(self._store, len(data))
        self._texts.write(self._store, data, self.texts_read)

    def read(self, records_end: int, texts_end: int) -> None:
        """Replay the records since the last time."""
        records = read_memory(self._store, self._records, self.records_read, records_end - self.records_read)
        texts = read_memory(self._store, self._texts, self.texts_read, texts_end - self.texts_read)
        first = FIRST_RECORD + self.records_read // RECORD.size
        self._replay(first, records, self.texts_read, texts)
        self.records_read, self.texts_read = records_end, texts_end

    def recall(self, number: int) -> object:
        """Return a constant, a value of ours, or a string of an earlier call."""
        if number >= FIRST_LENT:
            return self._lent[number - FIRST_LENT]
        if number not in self._known:
            start = (number - FIRST_RECORD) * RECORD.size
            operation, address, length, _ = RECORD.unpack(read_memory(self._store, self._records, start, RECORD.size))
            if operation != STRING:
                raise LookupError(f"Value {number} was made in an earlier call and is no string.")
            self._known[number] = read_memory(self._store, self._texts, address, length).decode()
        return self._known[number]

    def _replay(self, first: int, records: bytes, texts_start: int, texts: bytes) -> None:
        values = self._values
        # One decoding and many slices: bytes and characters of latin-1 have the same indexes.
        text = texts.decode("latin-1")
        for number, (operation, a, b, c) in enumerate(RECORD.iter_unpack(records), first):
            # The most frequent operations first.
            if operation == SET:
                value = values[c]
                # JSON has no undefined: such a field is absent.
                if value is not UNDEFINED:
                    values[a][values[b]] = value
            elif operation == STRING:
                start = a - texts_start
                string = text[start : start + b]
                values[number] = string if string.isascii() else string.encode("latin-1").decode()
            elif operation == OBJECT:
                values[number] = {}
            elif operation == PUSH:
                value = values[c]
                values[a].append(None if value is UNDEFINED else value)
            elif operation == ARRAY:
                values[number] = []
            elif operation == NUMBER:
                values[number] = FLOAT.unpack(PAIR.pack(b, c))[0]


class _Values(dict[int, Any]):
    """The values of one call by number; those of earlier calls come from the call log when they are asked for."""

    def __init__(self, log: CallLog) -> None:
        super().__init__()
        self._recall = log.recall

    def __missing__(self, number: int) -> Any:
        value = self[number] = self._recall(number)
        return value
