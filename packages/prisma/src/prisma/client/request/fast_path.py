"""Recognizers: functions that recognize calls of one shape by their arguments, without writing the request again.

A recognizer is made from the arguments of a call whose program is known. It takes the arguments of another call. It
returns the program and the values if that call's request has the same shape: the same keys in the same order, values of
the same classes, and the same values where these belong to the shape. For every other call it returns None.

It is generated Python source, which takes a quarter of the time of writing the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import count, islice
from typing import Any, Final, TypeAlias, cast

from prisma.client.request.call import Call
from prisma.client.request.codecs import FieldGrammar, Grammars
from prisma.client.request.selection import RequestWriter
from prisma.client.request.values import UNFIT, Converter, of_each, returns
from prisma.client.request.writer import items_of
from prisma.engine.source import Source

Recognizer: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Takes arguments; returns `(program, values, numbers)`, or None for a call of another shape."""

MAX_LEAVES: Final = 100
"""Values in the arguments of calls that are worth recognizing; longer ones have mostly data."""

MAX_RECOGNIZERS: Final = 4
"""How many are kept for each action of a model; a call that none of them knows has asked them all in vain."""

# The calls of a program, from the second to the fifth, that a recognizer may be made of: one call says nothing of those
# to come, and values that show nothing for sure are rare.
_LEARNING_CALLS: Final = range(2, 6)
_CONSTANTS: Final = frozenset({str, int, bool})


class Recognizers:
    """The recognizers of one schema; `make` returns a new one, like `Protocol.recognizer`.

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

    Attributes:
        sources: for each of `values` the value that it was made of, and its converter; None for a NULL.
        numbered: the value that each of `numbers` is.
    """

    __slots__ = ("_identities", "numbered", "sources")

    def __init__(self, grammars: Grammars, *, shares: bool) -> None:
        super().__init__(grammars, shares=shares)
        self.sources: list[tuple[object, Converter] | None] = []
        self.numbered: list[object] = []
        self._identities: list[str] = []

    def value(self, plan: FieldGrammar, value: object) -> None:
        before = len(self.values)
        super().value(plan, value)
        self._note(before, plan, value, plan.convert)

    def values_list(self, plan: FieldGrammar, values: object) -> None:
        before = len(self.values)
        super().values_list(plan, values)
        self._note(before, plan, values, of_each(plan.convert))

    def number(self, name: str, value: object) -> None:
        before = len(self.numbers)
        super().number(name, value)
        if len(self.numbers) > before:
            self.numbered.append(value)

    @property
    def is_complete(self) -> bool:
        """Whether it is known of each parameter where it comes from, and that no two of them may become one."""
        shared = self._shared is not None and len(set(self._identities)) < len(self._identities)
        return len(self.sources) == len(self.values) and not shared

    def _null(self, plan: FieldGrammar) -> None:
        before = len(self.values)
        super()._null(plan)
        if len(self.values) > before:
            self.sources.append(None)

    def _note(self, before: int, plan: FieldGrammar, value: object, convert: Converter) -> None:
        if plan.identity is not None:
            self._identities.append(plan.identity)
        if len(self.values) > before:
            self.sources.append((value, convert))


def recognizer(arguments: Mapping[str, Any], tracer: Tracer, program: object) -> Recognizer | None:
    """Return the recognizer of calls with the shape of these arguments; None where they do not show it for sure.

    `tracer` has written their request, `program` is what it is run by.
    """
    if not tracer.is_complete:
        return None
    found = Counter(map(id, islice(_parts(arguments), MAX_LEAVES + 1)))
    traced = [*(source[0] for source in tracer.sources if source is not None), *tracer.numbered]
    # Which of two places a value stands in can't be told where it is one object.
    is_clear = len({id(value) for value in traced}) == len(traced) and all(found[id(value)] == 1 for value in traced)
    if not is_clear or found.total() > MAX_LEAVES:
        return None
    try:
        return _Writer(tracer).write(arguments, program)
    except _Unknown:
        return None


class _Unknown(Exception):
    """A value of a class whose values can't be compared for sure."""


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
    """Writes one recognizer."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._converters = {id(source[0]): source[1] for source in tracer.sources if source is not None}
        self._numbered = set(map(id, tracer.numbered))
        self._source = Source()
        self._lines: list[str] = []
        self._locals = (f"v{number}" for number in count())
        self._names: dict[int, str] = {}

    def write(self, arguments: Mapping[str, Any], program: object) -> Recognizer:
        self._look(arguments, "arguments")
        values = ["None" if source is None else self._names[id(source[0])] for source in self._tracer.sources]
        numbers = [f"abs({self._names[id(number)]})" for number in self._tracer.numbered]
        found = f"return {self._constant(program)}, [{', '.join(values)}], [{', '.join(numbers)}]"
        return self._source.compile(self._source.function("recognize", ("arguments",), *self._lines, found))

    def _look(self, value: object, name: str) -> None:
        """Write what looks at the local variable `name`, which has to be like this value."""
        if id(value) in self._converters:
            self._convert(name, value, self._converters[id(value)])
        elif id(value) in self._numbered:
            self._names[id(value)] = name
            self._require(f"{name}.__class__ is int and {name} {'>' if cast('int', value) > 0 else '<'} 0")
        elif value is None:
            self._require(f"{name} is None")
        elif value.__class__ is dict:
            members = cast("dict[object, object]", value)
            keys = self._constant(tuple(members))
            self._require(f"{name}.__class__ is dict and tuple({name}) == {keys}")
            self._unpack(list(members.values()), f"{name}.values()")
        elif value.__class__ in {list, tuple}:
            items = list(items_of(value) or ())
            self._require(f"{name}.__class__ is {value.__class__.__name__} and len({name}) == {len(items)}")
            self._unpack(items, name)
        elif value.__class__ in _CONSTANTS or (isinstance(value, str) and isinstance(value, Enum)):
            self._require(
                f"{name}.__class__ is {self._constant(value.__class__)} and {name} == {self._constant(value)}"
            )
        else:
            raise _Unknown

    def _unpack(self, values: list[object], source: str) -> None:
        names = [next(self._locals) for _ in values]
        if names:
            self._lines.append(f"{', '.join(names)}, = {source}")
        for value, name in zip(values, names, strict=True):
            self._look(value, name)

    def _convert(self, name: str, value: object, convert: Converter) -> None:
        kind = value.__class__
        self._require(f"{name}.__class__ is {self._constant(kind)}")
        self._names[id(value)] = name
        if returns(convert, kind):
            return
        self._lines.append(f"{name} = {self._constant(convert)}({name})")
        self._require(f"{name} is not {self._constant(UNFIT)}")

    def _require(self, condition: str) -> None:
        self._lines.append(f"if not ({condition}): return None")

    def _constant(self, value: object) -> str:
        return self._source.constant(value, "constant")
