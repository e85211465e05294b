"""The values in WebAssembly answer as the functions in Python do, wherever a value is."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from wasmtime import FuncType, Linker, Memory, Module, Store, ValType

from prisma.javascript.memory import ExportedMemory
from prisma.javascript.values import UNDEFINED
from prisma.schema_engine.functions import EngineFunctions
from prisma.schema_engine.promises import Loop
from prisma.schema_engine.values import Values
from prisma.wasm import modules, runtime

# Stands in for the engine and for its bridge: numbers for references, and a memory that strings and numbers go to.
ENGINE = """
(module
  (import "values" "get" (func $get (param externref i32) (result externref)))
  (import "values" "loosely_equal" (func $loosely_equal (param externref externref) (result i32)))
  (import "values" "is_undefined" (func $is_undefined (param externref) (result i32)))
  (import "values" "is_bigint" (func $is_bigint (param externref) (result i32)))
  (import "values" "boolean" (func $boolean (param externref) (result i32)))
  (import "values" "is_array" (func $is_array (param externref) (result i32)))
  (import "values" "length" (func $length (param externref) (result i32)))
  (import "values" "is_safe_integer" (func $is_safe_integer (param externref) (result i32)))
  (import "values" "write_number" (func $write_number (param i32 externref)))
  (import "values" "write_string" (func $write_string (param i32 externref)))
  (import "values" "writers" (table $writers 3 funcref))
  (import "values" "texts" (memory $texts 1))
  (memory $own (export "memory") 2)
  (global $end (mut i32) (i32.const 1024))
  (func (export "__wbindgen_malloc") (param $length i32) (param i32) (result i32)
    (global.get $end) (global.set $end (i32.add (global.get $end) (local.get $length))))
  (elem (table $writers) (i32.const 0) func $text $number $nothing)
  (func $text (param $target i32) (param $source i32) (param $length i32)
    (memory.copy $own $texts (global.get $end) (local.get $source) (local.get $length))
    (i32.store $own (local.get $target) (global.get $end))
    (i32.store $own offset=4 (local.get $target) (local.get $length))
    (global.set $end (i32.add (global.get $end) (local.get $length))))
  (func $number (param $target i32) (param $number f64)
    (i64.store $own (local.get $target) (i64.const 1))
    (f64.store $own offset=8 (local.get $target) (local.get $number)))
  (func $nothing (param $target i32) (i64.store $own (local.get $target) (i64.const 0)))
  (func $value (param i32) (result externref) (extern.convert_any (ref.i31 (local.get 0))))
  (func (export "get") (param i32 i32) (result i32)
    (i31.get_u (ref.cast (ref i31)
      (any.convert_extern (call $get (call $value (local.get 0)) (local.get 1))))))
  (func (export "loosely_equal") (param i32 i32) (result i32)
    (call $loosely_equal (call $value (local.get 0)) (call $value (local.get 1))))
  (func (export "is_undefined") (param i32) (result i32) (call $is_undefined (call $value (local.get 0))))
  (func (export "is_bigint") (param i32) (result i32) (call $is_bigint (call $value (local.get 0))))
  (func (export "boolean") (param i32) (result i32) (call $boolean (call $value (local.get 0))))
  (func (export "is_array") (param i32) (result i32) (call $is_array (call $value (local.get 0))))
  (func (export "length") (param i32) (result i32) (call $length (call $value (local.get 0))))
  (func (export "is_safe_integer") (param i32) (result i32) (call $is_safe_integer (call $value (local.get 0))))
  (func (export "write_number") (param i32 i32) (call $write_number (local.get 0) (call $value (local.get 1))))
  (func (export "write_string") (param i32 i32) (call $write_string (local.get 0) (call $value (local.get 1)))))
"""
TARGET = 64
ASKED = ("is_undefined", "is_bigint", "boolean", "is_array", "is_safe_integer")
ITEMS = (
    None, True, False, UNDEFINED, 0, 1, -7, 2.5, -0.5, 2**31, 2**53 - 1, 2**53, -(2**53), math.inf, math.nan,
    "", "text", "über 🚀", "x" * 70_000, (), ("a", (1, None)), ["b", [2]], {"key": 1}, b"\x00\xff",
)  # fmt: skip


class Engine:
    """The module of values beside the stand-in, and the functions in Python."""

    def __init__(self) -> None:
        self.store = Store(runtime.engine())
        memory = ExportedMemory(self.store)
        unused: Any = None
        self.functions = EngineFunctions(memory, unused, Loop())
        linker = Linker(self.store.engine)
        for name, parameters in (("get", 2), ("loosely_equal", 2), ("write_string", 2), ("write_number", 2)):
            self._define(linker, name, parameters, has_result=not name.startswith("write"))
        for name in ("is_array", "is_safe_integer", "length"):
            self._define(linker, name, 1, has_result=True)
        instance = linker.instantiate(self.store, modules.load("values"))
        self.values = Values(self.store, instance.exports(self.store))
        linker = Linker(self.store.engine)
        linker.define_instance(self.store, "values", instance)
        self.exports: Any = linker.instantiate(self.store, Module(self.store.engine, ENGINE)).exports(self.store)
        memory.attach(self.exports)

    def call(self, name: str, *arguments: int) -> Any:
        return self.exports[name](self.store, *arguments)

    def found(self, number: int) -> tuple[object, ...]:
        """Return all that the engine can learn of a value."""
        answers = [bool(answer) if name != "boolean" else answer for name, answer in self._asked(number)]
        self.call("write_number", TARGET, number)
        flag, float_ = struct.unpack("<Qd", self._read(TARGET, 16))
        self.call("write_string", TARGET, number)
        address, length = struct.unpack("<II", self._read(TARGET, 8))
        return (*answers, repr(float_) if flag else None, self._read(address, length) if address else None)

    def expected(self, value: object) -> tuple[object, ...]:
        """Return the same by the functions in Python."""
        answers = [getattr(self.functions, name)(value) for name in ASKED]
        answers = [bool(answer) if name != "boolean" else answer for name, answer in zip(ASKED, answers, strict=True)]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        number = repr(float(value)) if is_number and isinstance(value, int | float) else None
        return (*answers, number, value.encode() if isinstance(value, str) else None)

    def _asked(self, number: int) -> list[tuple[str, int]]:
        return [(name, self.call(name, number)) for name in ASKED]

    def _read(self, address: int, length: int) -> bytes:
        memory: Memory = self.exports["memory"]
        return bytes(memory.read(self.store, address, address + length))

    def _define(self, linker: Linker, name: str, parameters: int, *, has_result: bool) -> None:
        function = getattr(self.functions, name)
        number, value = (lambda found: self.values.number(found)), (lambda given: self.values.value(given))

        def call(*arguments: int) -> Any:
            if name.startswith("write"):
                return function(arguments[0], value(arguments[1]))
            if name == "get":
                return number(function(value(arguments[0]), arguments[1]))
            return function(*map(value, arguments))

        type_ = FuncType([ValType.i32()] * parameters, [ValType.i32()] * has_result)
        linker.define_func("python", name, type_, call)


@pytest.fixture
def engine() -> Any:
    engine = Engine()
    yield engine
    engine.store.close()


@pytest.mark.parametrize("array", [ITEMS, list(ITEMS)], ids=["copied", "kept by Python"])
def test_items_of_an_array(engine: Engine, array: tuple[object, ...] | list[object]) -> None:
    number = engine.values.number(array)
    items = [engine.call("get", number, index) for index in range(len(array))]
    assert [engine.found(item) for item in items] == [
        # Arrays are arrays for the engine, whether somebody may change them or not.
        engine.expected(list(item) if isinstance(item, tuple) else item)
        for item in ITEMS
    ]
    assert engine.call("length", number) == len(ITEMS)
    assert [engine.values.value(item) for item in items] == list(array)


def test_items_of_items(engine: Engine) -> None:
    rows = engine.values.number((["a", [1, None]], [], ["b", []]))
    first = engine.call("get", rows, 0)
    inner = engine.call("get", first, 1)
    found = [engine.call("get", inner, 0), engine.call("get", inner, 1), engine.call("get", inner, 2)]
    assert [engine.values.value(number) for number in found] == [1, None, UNDEFINED]
    last = engine.call("get", rows, 2)
    assert [engine.values.value(engine.call("get", last, index)) for index in (0, 1)] == ["b", []]


def test_equality(engine: Engine) -> None:
    values = (*ITEMS[:13], "text", "other")
    array = engine.values.number(values)
    copied = [engine.call("get", array, index) for index in range(len(values))]
    kept = [engine.values.number(value) for value in values]
    expected = [[bool(engine.functions.loosely_equal(a, b)) for b in values] for a in values]
    for numbers in (copied, kept):
        assert [[bool(engine.call("loosely_equal", a, b)) for b in copied] for a in numbers] == expected


def test_more_than_fits_at_first(engine: Engine) -> None:
    rows = tuple([[f"name {number}", number] for number in range(20_000)])
    number = engine.values.number(rows)
    last = engine.call("get", number, len(rows) - 1)
    assert engine.found(engine.call("get", last, 0)) == engine.expected("name 19999")
    assert engine.found(engine.call("get", last, 1)) == engine.expected(19_999)
