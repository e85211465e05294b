"""The functions behind the imports of the schema engine alone: promises, closures, iterators, bytes, globals."""

from __future__ import annotations

import os
import re
import struct
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from prisma.javascript import values as js
from prisma.javascript.functions import UNSIGNED, HostFunctions
from prisma.schema_engine.promises import Promise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prisma.javascript.functions import LinearMemory
    from prisma.schema_engine.promises import Loop

ITERATOR: Final = "Symbol.iterator"


class Module(Protocol):
    """What the functions need of the module that calls them."""

    def keep(self, value: object) -> int:
        """Put a value into the module's table of references, and return its slot."""
        ...

    def run_closure(self, data: int, table: int, argument: object) -> None:
        """Run a closure of the module."""
        ...

    def run_executor(self, data: int, table: int, resolve: object, reject: object) -> None:
        """Run the closure that a new promise is given."""
        ...

    def destroy_closure(self, data: int, table: int) -> None:
        """Free a closure."""
        ...


class JsThrow(Exception):
    """A function throws `value`; only fallible imports may."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.value = js.JsError(message)


class Closure:
    """A function of the module, freed when neither the module nor a call of it holds it any more."""

    def __init__(self, module: Module, data: int, table: int) -> None:
        self._module = module
        self._data = data
        self._table = table
        self._holders = 1

    def __call__(self, argument: object = js.UNDEFINED, *_: object) -> object:
        self._holders += 1
        # While it runs, nothing else may reach its data.
        data, self._data = self._data, 0
        try:
            self._module.run_closure(data, self._table, argument)
        finally:
            self._data = data
            self.release()
        return js.UNDEFINED

    def release(self) -> None:
        """Give up one hold."""
        self._holders -= 1
        if self._holders == 0:
            data, self._data = self._data, 0
            self._module.destroy_closure(data, self._table)


class View:
    """Bytes in the module's memory."""

    def __init__(self, memory: LinearMemory, address: int, length: int) -> None:
        self._memory = memory
        self._address = address
        self._length = length

    def __len__(self) -> int:
        return self._length

    def fill(self, data: bytes) -> None:
        """Overwrite all of them."""
        self._memory.write(self._address, data)

    def part(self, start: int, end: int) -> View:
        """Return those between two positions."""
        return View(self._memory, self._address + start, end - start)


class EngineFunctions(HostFunctions):
    """The functions, on JavaScript's values as `prisma.javascript.values` has them.

    Of the module's own integers, and of ours, none is a BigInt: numbers can hold all that the engine asks for.
    """

    def __init__(self, memory: LinearMemory, module: Module, loop: Loop) -> None:
        super().__init__(memory)
        self._module = module
        self._loop = loop
        crypto: dict[str, object] = {}
        self._globals: dict[str, object] = {
            "crypto": crypto,
            "performance": {},
            "queueMicrotask": self.queue_microtask,
        }

    # Promises, microtasks, timers

    def new_promise(self, data: int, table: int) -> Promise:
        promise = Promise(self._loop)
        self._module.run_executor(data, table, promise.resolve, promise.reject)
        return promise

    def resolved(self, value: object) -> Promise:
        if isinstance(value, Promise):
            return value
        promise = Promise(self._loop)
        promise.resolve(value)
        return promise

    def then(
        self, promise: Promise, on_fulfilled: Callable[[Any], Any], on_rejected: Callable[[Any], Any] | None = None
    ) -> Promise:
        return promise.then(on_fulfilled, on_rejected)

    def is_promise(self, value: object) -> int:
        return int(isinstance(value, Promise))

    def queue_microtask(self, function: Callable[[], object], *_: object) -> None:
        self._loop.enqueue(function)

    def global_queue_microtask(self, target: object) -> object:
        return js.get(target, "queueMicrotask")

    def set_timeout(self, function: Callable[[], object], milliseconds: int) -> float:
        return float(self._loop.set_timer(function, milliseconds))

    # Functions

    def closure(self, data: int, table: int) -> Closure:
        return Closure(self._module, data, table)

    def release_closure(self, closure: Closure) -> None:
        closure.release()

    def is_function(self, value: object) -> int:
        return int(callable(value))

    def call(self, function: object, _this: object, *arguments: object) -> object:
        if not callable(function):
            raise JsThrow(f"{js.to_text(function)} is not a function")
        return function(*arguments)

    def function_of_text(self, address: int, length: int) -> Callable[..., object]:
        # The module makes one function of this kind: `return this`.
        def this(*_: object) -> dict[str, object]:
            return self._globals

        return this

    # Making values

    def engine_handle(self, pointer: int) -> int:
        return pointer

    def set_name(self, error: js.JsError, address: int, length: int) -> None:
        error["name"] = self.text(address, length)

    def reflect_set(self, target: Any, key: str, value: object) -> int:
        try:
            self.set_property(target, key, value)
        except TypeError:
            raise JsThrow("Reflect.set called on non-object") from None
        return 1

    def push(self, array: list[object], value: object) -> int:
        array.append(None if value is js.UNDEFINED else value)
        return len(array)

    def regular_expression(self, address: int, length: int, flags: int, flags_length: int) -> re.Pattern[str]:
        # The names of groups are written differently in Python.
        text = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", self.text(address, length))
        return re.compile(text, re.IGNORECASE if "i" in self.text(flags, flags_length) else 0)

    def copied_bytes(self, address: int, length: int) -> bytes:
        return self._memory.read(address, length)

    def empty_bytes(self, length: int) -> bytearray:
        return bytearray(length & UNSIGNED)

    def view(self, address: int, length: int) -> View:
        return View(self._memory, address & UNSIGNED, length & UNSIGNED)

    def subarray(self, target: bytearray | memoryview | View, start: int, end: int) -> memoryview | View:
        start, end = start & UNSIGNED, end & UNSIGNED
        return target.part(start, end) if isinstance(target, View) else memoryview(target)[start:end]

    # Asking about values

    def is_array(self, value: object) -> int:
        return int(isinstance(value, list))

    def is_bigint(self, value: object) -> int:
        return 0

    def is_map(self, value: object) -> int:
        return 0

    def strictly_equal(self, left: object, right: object) -> int:
        return int(left is right or (not js.is_nothing(left) and js.loosely_equal(left, right)))

    def has(self, target: object, key: str) -> int:
        if not js.is_object(target):
            raise JsThrow("Reflect.has called on non-object")
        return self.has_property(key, target)

    def truth(self, value: object) -> int:
        return int(bool(value))

    def match(self, expression: re.Pattern[str], address: int, length: int) -> int:
        found = expression.search(self.text(address, length))
        return self._module.keep([found[0], *found.groups(js.UNDEFINED)]) if found else 0

    # Taking values apart

    def get(self, target: object, key: object) -> object:
        if key == ITERATOR and isinstance(target, list):
            items = iter(cast("list[object]", target))

            def next_item(*_: object) -> dict[str, object]:
                return _item(items)

            def iterator(*_: object) -> dict[str, object]:
                return {"next": next_item}

            return iterator
        return js.get(target, key)

    def write_bigint(self, target: int, value: object) -> None:
        self._memory.write(target, struct.pack("<Qq", 0, 0))

    def iterator_symbol(self) -> str:
        return ITERATOR

    def next_function(self, iterator: object) -> object:
        return js.get(iterator, "next")

    def next_item(self, iterator: object) -> object:
        return self.call(js.get(iterator, "next"), iterator)

    def is_done(self, item: object) -> int:
        return int(js.get(item, "done") is True)

    def item_value(self, item: object) -> object:
        return js.get(item, "value")

    # Clocks

    def performance_now(self, performance: object) -> float:
        # Nobody reads how long the engine's steps took, and it asks thousands of times.
        return 0.0

    # Globals

    def no_slot(self) -> int:
        return 0

    def slot_of_globals(self) -> int:
        return self._module.keep(self._globals)

    def crypto(self, target: object) -> object:
        return js.get(target, "crypto")

    def no_property(self, target: object) -> object:
        return js.UNDEFINED

    def require(self) -> object:
        raise JsThrow("require is not defined")

    def fill_randomly(self, _crypto: object, target: bytearray | memoryview | View) -> None:
        data = os.urandom(len(target))
        if isinstance(target, View):
            target.fill(data)
        else:
            target[:] = data


def _item(items: Iterator[object]) -> dict[str, object]:
    try:
        return {"value": next(items), "done": False}
    except StopIteration:
        return {"value": js.UNDEFINED, "done": True}
