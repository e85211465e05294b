"""The functions that the query compiler imports, and the schema engine beside others.

`IMPORTS` is the whole list of the query compiler. The names are wasm-bindgen's and end in a hash of what the function
means: the same word with another hash may be another function, so they are pinned in full, and a module that imports
anything else is refused.
"""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING, Any, Protocol

from prisma.frozen import Frozen
from prisma.javascript import values as js
from prisma.wasm.errors import ModuleMismatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wasmtime import Module

UNSIGNED = 0xFFFFFFFF
UNSIGNED_64 = 0xFFFFFFFFFFFFFFFF
# What `boolean_get` answers for a value that is no boolean.
NOT_A_BOOLEAN = 0xFFFFFF


class LinearMemory(Protocol):
    """The module's memory. Addresses and lengths may be negative: wasmtime gives unsigned numbers as signed ones."""

    def read(self, address: int, length: int) -> bytes:
        """Return bytes of it."""
        ...

    def write(self, address: int, data: bytes) -> None:
        """Overwrite bytes of it."""
        ...

    def put(self, data: bytes) -> int:
        """Allocate room for bytes, which the module will own, and return its address."""
        ...


class Import(Frozen):
    """An import: the method of HostFunctions behind it, and the types of its parameters and its result.

    `r` is a reference to a JavaScript value, `i` an i32, `l` an i64, `f` an f64. `frequent` marks what is called while
    a plan is made; the rest is called when a compiler is made, or never. A `fallible` function may throw.
    """

    method: str
    parameters: str = ""
    result: str = ""
    frequent: bool = False
    fallible: bool = False


IMPORTS = {
    "__wbg_new_1acc0b6eea89d040": Import("new_object", "", "r", frequent=True),
    "__wbg_new_e17d9f43105b08be": Import("new_array", "", "r", frequent=True),
    "__wbg_set_3f1d0b984ed272ed": Import("set_property", "rrr", frequent=True),
    "__wbg_set_c213c871859d6500": Import("set_item", "rir", frequent=True),
    "__wbindgen_cast_2241b6af4c4b2941": Import("text", "ii", "r", frequent=True),
    "__wbindgen_cast_d6cd19b81560fd6e": Import("number", "f", "r", frequent=True),
    "__wbg___wbindgen_is_string_fbb76cb2940daafd": Import("is_string", "r", "i", frequent=True),
    "__wbindgen_init_externref_table": Import("fill_table", frequent=True),
    "__wbg_new_68651c719dcda04e": Import("new_object", "", "r"),
    "__wbg_set_907fb406c34a251d": Import("set_entry", "rrr", "r"),
    "__wbindgen_cast_9ae0607507abb057": Import("signed_integer", "l", "r"),
    "__wbindgen_cast_4625c577ab2ec9ee": Import("unsigned_integer", "l", "r"),
    "__wbg___wbindgen_is_undefined_2d472862bd29a478": Import("is_undefined", "r", "i"),
    "__wbg___wbindgen_is_object_c818261d21f283a4": Import("is_object", "r", "i"),
    "__wbg___wbindgen_jsval_loose_eq_b664b38a2f582147": Import("loosely_equal", "rr", "i"),
    "__wbg___wbindgen_in_bb933bd9e1b3bc0f": Import("has_property", "rr", "i"),
    "__wbg_get_with_ref_key_1dc361bd10053bfe": Import("get", "rr", "r"),
    "__wbg_get_7bed016f185add81": Import("get", "ri", "r"),
    "__wbg_length_cdd215e10d9dd507": Import("length", "r", "i"),
    "__wbg_length_69bca3cb64fc8748": Import("length", "r", "i"),
    "__wbg_entries_e171b586f8f6bdbf": Import("entries", "r", "r"),
    "__wbg___wbindgen_string_get_e4f06c90489ad01b": Import("write_string", "ir"),
    "__wbg___wbindgen_number_get_a20bf9b85341449d": Import("write_number", "ir"),
    "__wbg___wbindgen_boolean_get_6d5a1ee65bab5f68": Import("boolean", "r", "i"),
    "__wbg_isSafeInteger_d216eda7911dde36": Import("is_safe_integer", "r", "i"),
    "__wbg_Number_bb48ca12f395cd08": Import("to_number", "r", "f"),
    "__wbg_String_8f0eb39a4a4c2f66": Import("write_text", "ir"),
    "__wbg___wbindgen_debug_string_df47ffb5e35e6763": Import("write_text", "ir"),
    "__wbg_Error_e83987f665cf5504": Import("error", "ii", "r"),
    "__wbg___wbindgen_throw_b855445ff6a94295": Import("throw", "ii"),
    "__wbg_set_message_82ae475bb413aa5c": Import("remember_panic", "ii"),
    "__wbg_new_0_f9740686d739025c": Import("now", "", "r"),
    "__wbg_getTime_14776bfb48a1bff9": Import("to_number", "r", "f"),
    "__wbg_instanceof_ArrayBuffer_70beb1189ca63b38": Import("is_bytes", "r", "i"),
    "__wbg_instanceof_Uint8Array_20c8e73002f7af98": Import("is_bytes", "r", "i"),
    "__wbg_new_5a79be3ab53b8aa5": Import("new_bytes", "r", "r"),
    "__wbg_prototypesetcall_2a6620b6922694b2": Import("copy_bytes", "iir"),
}


def check_imports(name: str, module: Module, known: Mapping[str, Import]) -> None:
    """Raise ModuleMismatchError if the module in the file `name` imports a function that is not known."""
    unknown = sorted(item.name or "" for item in module.imports if item.name not in known)
    if unknown:
        raise ModuleMismatchError(name, f"it imports {', '.join(unknown)}, which this version does not know")


class HostFunctions:
    """The functions, on JavaScript values as `values` has them. None of them raises.

    Attributes:
        thrown: the message of the exception that the module threw; it traps right after.
        panic: the message of its panic; it traps right after.
    """

    def __init__(self, memory: LinearMemory) -> None:
        self._memory = memory
        self.thrown: str | None = None
        self.panic: str | None = None

    # Making values

    def new_object(self) -> dict[str, Any]:
        return {}

    def new_array(self) -> list[Any]:
        return []

    def set_property(self, target: dict[str, Any], key: str, value: object) -> None:
        if value is not js.UNDEFINED:
            target[key] = value

    def set_entry(self, target: dict[str, Any], key: str, value: object) -> dict[str, Any]:
        target[key] = value
        return target

    def set_item(self, target: list[Any], index: int, value: object) -> None:
        target.extend([None] * (index + 1 - len(target)))
        target[index] = None if value is js.UNDEFINED else value

    def text(self, address: int, length: int) -> str:
        return self._memory.read(address, length).decode()

    def number(self, value: float) -> float:
        return value

    def signed_integer(self, value: int) -> int:
        return value

    def unsigned_integer(self, value: int) -> int:
        return value & UNSIGNED_64

    def error(self, address: int, length: int) -> js.JsError:
        return js.JsError(self.text(address, length))

    def now(self) -> float:
        return time.time() * 1000

    def new_bytes(self, value: object) -> object:
        return value

    # Asking about values

    def is_string(self, value: object) -> int:
        return int(isinstance(value, str))

    def is_undefined(self, value: object) -> int:
        return int(value is js.UNDEFINED)

    def is_object(self, value: object) -> int:
        return int(js.is_object(value))

    def is_bytes(self, value: object) -> int:
        return int(isinstance(value, bytes | bytearray))

    def is_safe_integer(self, value: object) -> int:
        return int(js.is_safe_integer(value))

    def loosely_equal(self, left: object, right: object) -> int:
        return int(js.loosely_equal(left, right))

    def has_property(self, key: str, target: object) -> int:
        return int(isinstance(target, dict) and key in target)

    def boolean(self, value: object) -> int:
        return int(value) if isinstance(value, bool) else NOT_A_BOOLEAN

    def to_number(self, value: object) -> float:
        return js.to_number(value)

    # Taking values apart

    def get(self, target: object, key: object) -> object:
        return js.get(target, key)

    def length(self, value: Any) -> int:
        return len(value)

    def entries(self, value: dict[str, Any]) -> list[Any]:
        return [list(entry) for entry in value.items()]

    def copy_bytes(self, address: int, length: int, value: bytes) -> None:
        self._memory.write(address, value[: length & UNSIGNED])

    # A string goes to the module as an address and a length, a number as a flag and, eight bytes on, an f64.

    def write_string(self, target: int, value: object) -> None:
        if isinstance(value, str):
            self.write_text(target, value)
        else:
            self._memory.write(target, bytes(8))

    def write_text(self, target: int, value: object) -> None:
        data = js.to_text(value).encode()
        address = self._memory.put(data)
        self._memory.write(target, struct.pack("<II", address, len(data)))

    def write_number(self, target: int, value: object) -> None:
        number = float(value) if js.is_number(value) else None
        self._memory.write(target, struct.pack("<Qd", number is not None, number or 0.0))

    # Failing

    def throw(self, address: int, length: int) -> None:
        self.thrown = self.text(address, length)

    def remember_panic(self, address: int, length: int) -> None:
        self.panic = self.text(address, length)
