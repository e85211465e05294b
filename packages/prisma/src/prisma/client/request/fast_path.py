"""Recognizers: functions that recognize calls of one shape by their arguments, without writing the request again.

A recognizer is made from the arguments of a call whose program is known. It takes the arguments of another call. It
returns the program and the values if that call's request has the same shape: the same keys in the same order, values of
the same classes, and the same values where these belong to the shape. For every other call it returns None.

It is generated Python source, which takes a quarter of the time of writing the request. For a call such as
`find_many(where={"age": 7}, take=10)` it is:

    def recognize_0(arguments):
        if not (arguments.__class__ is dict and tuple(arguments) == constant_0): return None
        v0, v1, = arguments.values()
        if not (v0.__class__ is dict and tuple(v0) == constant_1): return None
        v2, = v0.values()
        if not (v2.__class__ is constant_2): return None
        v2 = constant_3(v2)
        if not (v2 is not constant_4): return None
        if not (v1.__class__ is int and v1 > 0): return None
        return constant_5, [v2], [abs(v1)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import count, islice
from typing import Any, Final, TypeAlias, cast

from prisma.client.request.call import Call
from prisma.client.request.codecs import CodecsOfModels, FieldCodec
from prisma.client.request.rejections import RejectedKey, RejectedValue
from prisma.client.request.selection import RequestWriter
from prisma.client.request.values import WRONG_TYPE, Converter, of_each, returns
from prisma.client.request.writer import items_of
from prisma.engine.source import Source
from prisma.errors import InputError

Recognizer: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Takes arguments; returns `(program, values, numbers)`, or None for a call of another shape."""

MAX_LEAVES: Final = 100
"""Values in the arguments of calls that are worth recognizing; longer ones have mostly data."""

MAX_RECOGNIZERS: Final = 4
"""How many are kept for each action of a model; a call that none of them knows has asked them all in vain."""

# The calls of a program that a recognizer may be made of. A first call may be the only one. After the second come those
# whose values have other classes, such as text for a datetime.
_LEARNING_CALLS: Final = range(2, 6)
_CONSTANTS: Final = frozenset({str, int, bool})


class Recognizers:
    """The recognizers of one schema; `make` returns a new one, like `RequestBuilder.recognizer`.

    The calls of `max_counted` programs are counted, which keeps these alive.
    """

    def __init__(self, make: Callable[[Call, object], Recognizer | None], *, max_counted: int) -> None:
        self._make = make
        self._max_counted = max_counted
        self._known: dict[tuple[str, str], tuple[Recognizer, ...]] = {}
        self._calls: dict[object, int] = {}

    def find(self, call: Call) -> Any:
        """Return `(program, values, numbers)` for a call whose shape is known, else None."""
        arguments = call.arguments
        known = self._known.get((call.model, call.action), ())
        for recognize in known:
            found = recognize(arguments)
            if found is not None:
                if recognize is not known[0]:
                    # Where several are known, the next call is likely like this one.
                    others = (other for other in known if other is not recognize)
                    self._known[call.model, call.action] = (recognize, *others)
                return found
        return None

    def learn(self, call: Call, program: object) -> None:
        """Take note of a call that was not recognized; the next ones may be."""
        calls = self._calls.get(program, 0) + 1
        # To count again costs less than to find the program that was called least.
        if len(self._calls) >= self._max_counted:
            self._calls.clear()
        self._calls[program] = calls
        if calls not in _LEARNING_CALLS:
            return
        recognize = self._make(call, program)
        if recognize is not None:
            known = self._known.get((call.model, call.action), ())
            self._known[call.model, call.action] = (recognize, *known[: MAX_RECOGNIZERS - 1])


class Tracer(RequestWriter):
    """Writes a request, and notes which values of the arguments became its parameters and numbers.

    In the arguments a `stand_in` may take the place of one `value`: `found` says what became of it.

    Attributes:
        sources: the ids of the objects that became parameters or numbers.
        nulls: which of `values` are NULLs that the request has for None.
        found: the position of the stand-in's value in `values`, with its converter; or in `numbers`, with None.
    """

    __slots__ = ("_identities", "_searches", "_stand_in", "_value", "found", "nulls", "sources")

    def __init__(
        self, codecs_of: CodecsOfModels, *, shares: bool, stand_in: object = None, value: object = None
    ) -> None:
        super().__init__(codecs_of, shares=shares)
        self._stand_in = stand_in
        self._value = value
        self._identities: list[str] = []
        self._searches = 0
        self.sources: set[int] = set()
        self.nulls: set[int] = set()
        self.found: list[tuple[int, Converter | None]] = []

    def value(self, codec: FieldCodec, value: object) -> None:
        before = len(self.values)
        super().value(codec, self._real(value))
        self._note_parameter(before, codec, value, codec.convert)

    def searched(self, codec: FieldCodec, value: object) -> None:
        self._searches += 1
        super().searched(codec, value)

    def values_list(self, codec: FieldCodec, values: object) -> None:
        before = len(self.values)
        super().values_list(codec, self._real(values))
        self._note_parameter(before, codec, values, of_each(codec.convert))

    def number(self, name: str, value: object) -> None:
        before = len(self.numbers)
        super().number(name, self._real(value))
        if len(self.numbers) > before:
            self._note(before, value, None)

    @property
    def shares_parameters(self) -> bool:
        """Whether two values may become one parameter: calls with other values may have another shape."""
        return self._searches > 1 or (self._shared is not None and len(set(self._identities)) < len(self._identities))

    def _null(self, codec: FieldCodec) -> None:
        before = len(self.values)
        super()._null(codec)
        if len(self.values) > before:
            self.nulls.add(before)

    def _real(self, value: object) -> object:
        return self._value if self._stand_in is not None and value is self._stand_in else value

    def _note_parameter(self, before: int, codec: FieldCodec, value: object, convert: Converter) -> None:
        if codec.identity is not None:
            self._identities.append(codec.identity)
        # A value that does not fit is literal text instead.
        if len(self.values) > before:
            self._note(before, value, convert)

    def _note(self, index: int, value: object, convert: Converter | None) -> None:
        self.sources.add(id(value))
        if self._stand_in is not None and value is self._stand_in:
            self.found.append((index, convert))


Trace: TypeAlias = Callable[[Mapping[str, Any], object, object], Tracer]
"""Writes the request for arguments with a stand-in (the second) for a value (the third); returns the tracer."""


def recognizer(arguments: Mapping[str, Any], trace: Trace, program: object) -> Recognizer | None:
    """Return the recognizer of calls with the shape of these arguments, whose program is known.

    Return None if the arguments are too many, or do not determine the shape.
    """
    if len(list(islice(_parts(arguments), MAX_LEAVES + 1))) > MAX_LEAVES:
        return None
    traced = trace(arguments, None, None)
    if traced.shares_parameters:
        return None
    try:
        return _Writer(arguments, trace, traced).write(program)
    except _Unknown:
        return None


class _Unknown(Exception):
    """The origin of a parameter is unknown, or a value is of a class whose values can't be compared for sure."""


def _parts(value: object) -> Iterator[object]:
    """Yield a value and all that is inside it, however deep."""
    parts = [value]
    while parts:
        part = parts.pop()
        yield part
        if part.__class__ is dict:
            parts += cast("dict[object, object]", part).values()
        elif part.__class__ in {list, tuple}:
            parts += items_of(part) or ()


class _Writer:
    """Writes one recognizer.

    Equal values are often one object (`take=10, skip=10`), so an object does not tell its place. Each place gets a
    stand-in in turn, which is nowhere else: the tracer says what it became.
    """

    def __init__(self, arguments: Mapping[str, Any], trace: Trace, traced: Tracer) -> None:
        self._arguments = arguments
        self._trace = trace
        self._traced = traced
        self._source = Source()
        self._lines: list[str] = []
        self._locals = (f"v{number}" for number in count())
        self._values: dict[int, str] = dict.fromkeys(traced.nulls, "None")
        self._numbers: dict[int, str] = {}

    def write(self, program: object) -> Recognizer:
        self._look(self._arguments, "arguments", ())
        values = _in_order(self._values, len(self._traced.values))
        numbers = _in_order(self._numbers, len(self._traced.numbers))
        found = f"return {self._constant(program)}, [{values}], [{numbers}]"
        return self._source.compile(self._source.function("recognize", ("arguments",), *self._lines, found))

    def _look(self, value: object, name: str, path: tuple[Any, ...]) -> None:
        """Write what looks at the local variable `name`, which has to be like the value at the path."""
        found = self._found(value, path)
        if found is not None:
            index, convert = found
            self._take(name, value, index, convert)
        elif value is None:
            self._require(f"{name} is None")
        elif value.__class__ is dict:
            members = cast("dict[object, object]", value)
            keys = self._constant(tuple(members))
            self._require(f"{name}.__class__ is dict and tuple({name}) == {keys}")
            self._unpack(members, f"{name}.values()", path)
        elif value.__class__ in {list, tuple}:
            items = items_of(value) or ()
            self._require(f"{name}.__class__ is {value.__class__.__name__} and len({name}) == {len(items)}")
            self._unpack(dict(enumerate(items)), name, path)
        # Directions, flags and names belong to the shape. Only values of these classes are sure to compare by value.
        elif value.__class__ in _CONSTANTS or (isinstance(value, str) and isinstance(value, Enum)):
            self._require(
                f"{name}.__class__ is {self._constant(value.__class__)} and {name} == {self._constant(value)}"
            )
        else:
            raise _Unknown

    def _found(self, value: object, path: tuple[Any, ...]) -> tuple[int, Converter | None] | None:
        """Return what the value at a path became; None if it belongs to the shape."""
        # Most values are no parameters: only candidates are worth another request.
        if id(value) not in self._traced.sources:
            return None
        stand_in = _stand_in(value)
        try:
            tracer = self._trace(cast("Mapping[str, Any]", _replaced(self._arguments, path, stand_in)), stand_in, value)
        except (InputError, RejectedValue, RejectedKey):
            # The writer looks at the value itself here.
            return None
        # With another shape the writer has taken the stand-in for something else than the value.
        return tracer.found[0] if len(tracer.found) == 1 and tracer.parts == self._traced.parts else None

    def _take(self, name: str, value: object, index: int, convert: Converter | None) -> None:
        """Write what takes a parameter or a number out of the local variable."""
        kind = value.__class__
        if convert is None:
            self._require(f"{name}.__class__ is int and {name} {'>' if cast('int', value) > 0 else '<'} 0")
            self._numbers[index] = f"abs({name})"
            return
        self._require(f"{name}.__class__ is {self._constant(kind)}")
        self._values[index] = name
        # Most values are passed on unchanged: a call of their converter would only take time.
        if not returns(convert, kind):
            self._lines.append(f"{name} = {self._constant(convert)}({name})")
            self._require(f"{name} is not {self._constant(WRONG_TYPE)}")

    def _unpack(self, members: Mapping[Any, object], source: str, path: tuple[Any, ...]) -> None:
        names = [next(self._locals) for _ in members]
        if names:
            self._lines.append(f"{', '.join(names)}, = {source}")
        for (step, value), name in zip(members.items(), names, strict=True):
            self._look(value, name, (*path, step))

    def _require(self, condition: str) -> None:
        self._lines.append(f"if not ({condition}): return None")

    def _constant(self, value: object) -> str:
        return self._source.constant(value, "constant")


def _in_order(expressions: Mapping[int, str], length: int) -> str:
    if len(expressions) < length:
        raise _Unknown
    return ", ".join(expressions[index] for index in range(length))


class _Tuple(tuple[object, ...]):
    """A tuple that is another object than every equal one; Python has only one empty tuple."""

    __slots__ = ()


def _stand_in(value: object) -> object:
    """Return an object that is nowhere else, for the place of a value; the writer reads a container in its own way."""
    if value.__class__ is dict:
        return dict(cast("dict[object, object]", value))
    if value.__class__ is list:
        return list(cast("list[object]", value))
    return _Tuple(cast("tuple[object, ...]", value)) if value.__class__ is tuple else object()


def _replaced(value: object, path: tuple[Any, ...], new: object) -> object:
    """Return a copy of arguments with something else at a path; the original does not change."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if value.__class__ is dict:
        members = cast("dict[object, object]", value)
        return {**members, step: _replaced(members[step], rest, new)}
    items = list(items_of(value) or ())
    items[step] = _replaced(items[step], rest, new)
    return items if value.__class__ is list else tuple(items)
