"""The functions that the compiler imports from its host, also those that no known query uses."""

from __future__ import annotations

import math
import struct

import pytest
import wasmtime

from prisma.javascript.functions import IMPORTS, HostFunctions, check_imports
from prisma.javascript.values import UNDEFINED, JsError
from prisma.wasm.errors import ModuleMismatchError
from prisma.wasm.modules import FOLDER, load
from prisma.wasm.runtime import engine


class Memory:
    """A memory whose allocator hands out what lies behind address 64."""

    def __init__(self) -> None:
        self.data = bytearray(256)
        self.free = 64

    def read(self, address: int, length: int) -> bytes:
        return bytes(self.data[address : address + length])

    def write(self, address: int, data: bytes) -> None:
        self.data[address : address + len(data)] = data

    def put(self, data: bytes) -> int:
        address, self.free = self.free, self.free + len(data)
        self.write(address, data)
        return address


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def functions(memory):
    return HostFunctions(memory)


OBJECT = {"a": 1}
CASES = [
    ("is_undefined", (UNDEFINED,), 1),
    ("is_undefined", (None,), 0),
    ("is_string", ("",), 1),
    ("is_string", (None,), 0),
    ("is_object", ({},), 1),
    ("is_object", ([],), 1),
    ("is_object", (None,), 0),
    ("is_object", (UNDEFINED,), 0),
    ("is_object", ("a",), 0),
    ("is_object", (1.5,), 0),
    ("is_bytes", (b"a",), 1),
    ("is_bytes", ([],), 0),
    ("is_safe_integer", (2**53 - 1,), 1),
    ("is_safe_integer", (2**53,), 0),
    ("is_safe_integer", (5.0,), 1),
    ("is_safe_integer", (5.5,), 0),
    ("is_safe_integer", (math.inf,), 0),
    ("is_safe_integer", (True,), 0),
    ("is_safe_integer", ("5",), 0),
    ("loosely_equal", (None, UNDEFINED), 1),
    ("loosely_equal", (None, 0), 0),
    ("loosely_equal", (0, UNDEFINED), 0),
    ("loosely_equal", (1, 1.0), 1),
    ("loosely_equal", (True, 1), 0),
    ("loosely_equal", ("a", "a"), 1),
    ("loosely_equal", (OBJECT, OBJECT), 1),
    ("loosely_equal", (OBJECT, dict(OBJECT)), 0),
    ("has_property", ("a", OBJECT), 1),
    ("has_property", ("b", OBJECT), 0),
    ("has_property", ("b", None), 0),
    ("boolean", (True,), 1),
    ("boolean", (False,), 0),
    ("boolean", (1,), 0xFFFFFF),
    ("to_number", (True,), 1.0),
    ("to_number", (None,), 0.0),
    ("to_number", (" 2.5 ",), 2.5),
    ("get", (OBJECT, "a"), 1),
    ("get", (OBJECT, "b"), UNDEFINED),
    ("get", ([7], 0), 7),
    ("get", ([7], 1), UNDEFINED),
    ("get", (5, "a"), UNDEFINED),
    ("length", ([1, 2],), 2),
    ("entries", (OBJECT,), [["a", 1]]),
    ("signed_integer", (-1,), -1),
    ("unsigned_integer", (-1,), 2**64 - 1),
    ("set_entry", ({}, "a", None), {"a": None}),
    ("number", (1.5,), 1.5),
    ("new_object", (), {}),
    ("new_array", (), []),
    ("new_bytes", (b"a",), b"a"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_answers(functions, name, arguments, expected):
    answer = getattr(functions, name)(*arguments)
    assert (answer, type(answer)) == (expected, type(expected))


@pytest.mark.parametrize("value", ["a", UNDEFINED, {}])
def test_no_number(functions, value):
    assert math.isnan(functions.to_number(value))


def test_undefined_is_left_out_of_objects_and_null_in_arrays(functions):
    target, array = functions.new_object(), functions.new_array()
    functions.set_property(target, "a", UNDEFINED)
    functions.set_property(target, "b", None)
    functions.set_item(array, 2, UNDEFINED)
    functions.set_item(array, 0, 1)
    assert (target, array) == ({"b": None}, [1, None, None])


TEXTS = [
    ("write_string", "ä", "ä"),
    ("write_text", "a", "a"),
    ("write_text", 5, "5"),
    ("write_text", True, "true"),
    ("write_text", None, "null"),
    ("write_text", UNDEFINED, "undefined"),
    ("write_text", {"a": [1, UNDEFINED]}, '{"a": [1, "undefined"]}'),
    ("write_text", JsError("no"), "Error: no"),
]


@pytest.mark.parametrize(("name", "value", "expected"), TEXTS)
def test_texts_go_out_as_address_and_length(functions, memory, name, value, expected):
    getattr(functions, name)(8, value)
    assert functions.text(*struct.unpack("<II", memory.read(8, 8))) == expected


def test_what_is_no_string_has_no_address(functions, memory):
    memory.write(8, b"x" * 8)
    functions.write_string(8, 5)
    assert memory.read(8, 8) == bytes(8)


@pytest.mark.parametrize(("value", "expected"), [(5, (1, 5.0)), (1.5, (1, 1.5)), (True, (0, 0.0)), ("5", (0, 0.0))])
def test_numbers_go_out_as_flag_and_float(functions, memory, value, expected):
    functions.write_number(16, value)
    flag, number = struct.unpack("<I4xd", memory.read(16, 16))
    assert (flag, number) == expected


def test_bytes_are_copied(functions, memory):
    functions.copy_bytes(4, 3, b"abc")
    assert memory.read(3, 5) == b"\0abc\0"


def test_failures_are_remembered(functions, memory):
    memory.write(0, b"thrownpanic")
    functions.throw(0, 6)
    functions.remember_panic(6, 5)
    assert (functions.thrown, functions.panic, functions.error(6, 5).message) == ("thrown", "panic", "panic")


def test_the_present_is_a_number_of_milliseconds(functions):
    assert functions.to_number(functions.now()) > 1.7e12


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("query_compiler.*.cwasm")))
def test_the_table_is_exactly_what_the_compilers_import(name):
    assert sorted(item.name or "" for item in load(name).imports) == sorted(IMPORTS)


def test_the_table_names_functions_and_types_that_exist():
    missing = [item.method for item in IMPORTS.values() if not hasattr(HostFunctions, item.method)]
    # The table of constants is each host's own matter.
    assert missing == ["fill_table"]
    assert {kind for item in IMPORTS.values() for kind in item.parameters + item.result} == set("rilf")


def test_an_unknown_import_is_refused():
    names = ["__wbg_new_0123456789abcdef", "__wbindgen_init_externref_table"]
    text = "".join(f'(import "m" "{name}" (func))' for name in names)
    with pytest.raises(ModuleMismatchError) as caught:
        check_imports("query_compiler.x", wasmtime.Module(engine(), f"(module {text})"), IMPORTS)
    assert str(caught.value) == (
        "query_compiler.x can't be used: it imports __wbg_new_0123456789abcdef, which this version does not know. "
        "Reinstall the package `prisma`."
    )
