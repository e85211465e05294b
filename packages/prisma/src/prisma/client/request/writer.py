"""The writer: collects the pieces of a request, with the values taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from prisma.client.request.codecs import CodecsOfModels, FieldCodec
from prisma.client.request.rejections import RejectedValue
from prisma.client.request.request import list_placeholder, placeholder, sentinel
from prisma.client.request.values import WRONG_TYPE, literal, of_each, quoted_key
from prisma.errors import InputError, data_error


class Writer:
    """Writes one request; `parts`, `values` and `numbers` are what it has written.

    With `shares`, equal values of one id or unique field are one placeholder.
    """

    __slots__ = ("_searched", "_shared", "codecs_of", "numbers", "parts", "put", "values")

    def __init__(self, codecs_of: CodecsOfModels, *, shares: bool) -> None:
        self.codecs_of = codecs_of
        self._shared: dict[tuple[str, object], int] | None = {} if shares else None
        self._searched: dict[str, int] | None = None
        self.parts: list[str] = []
        self.put = self.parts.append
        self.values: list[object] = []
        self.numbers: list[int] = []

    def value(self, codec: FieldCodec, value: object) -> None:
        """Write one value of a field: as a placeholder if it fits, else literally."""
        try:
            converted = codec.convert(value)
        except RejectedValue as rejection:
            rejection.field = codec.field.name
            raise
        if converted is WRONG_TYPE:
            self.put(literal(value))
            return
        # Equal values of one unique field are one placeholder, because the compiler compares placeholders there.
        shared = self._shared
        if shared is not None and codec.identity is not None:
            place = (codec.identity, converted)
            index = shared.get(place)
            if index is None:
                self.values.append(converted)
                index = shared[place] = len(self.values)
        else:
            self.values.append(converted)
            index = len(self.values)
        self.put(placeholder(index, codec.param_type))

    def searched(self, codec: FieldCodec, value: object) -> None:
        """Write a text to search for.

        Equal ones are one placeholder: of several fields that are searched for the same, the compiler makes one search.
        """
        known = None if self._searched is None or not isinstance(value, str) else self._searched.get(value)
        if known is not None:
            self.put(placeholder(known, codec.param_type))
            return
        before = len(self.values)
        self.value(codec, value)
        if isinstance(value, str) and len(self.values) > before:
            self._searched = {**(self._searched or {}), value: len(self.values)}

    def values_list(self, codec: FieldCodec, values: object) -> None:
        """Write a list of values: as one placeholder if all fit, else literally."""
        items = items_of(values)
        try:
            # A list of any length is one parameter, so that its length does not change the shape.
            converted = WRONG_TYPE if items is None else of_each(codec.convert)(items)
        except RejectedValue as rejection:
            rejection.field = codec.field.name
            raise
        if converted is WRONG_TYPE:
            self.put(literal(values))
            return
        self.values.append(converted)
        self.put(list_placeholder(len(self.values), codec.param_type))

    def number(self, name: str, value: object) -> None:
        """Write take, skip or limit."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise input_error(f"`{name}` must be an int, not {type(value).__name__}.", name, value)
        if value < 0 and name != "take":
            raise input_error(f"`{name}` must not be negative, got {value}.", name, value)
        # The plans of zero and of other numbers differ.
        if value == 0:
            self.put("0")
            return
        if value < 0:
            self.put("-")
        self.put(sentinel(len(self.numbers)))
        self.numbers.append(abs(value))

    def key(self, name: str, first: bool, holder: Mapping[str, object]) -> None:
        """Write a key that a caller's dictionary, the `holder`, has, or the protocol's word for it."""
        text = quoted_key(holder, name)
        self.put(f"{text}:" if first else f",{text}:")

    def listed(self, values: object, write: Callable[..., None], *context: object) -> None:
        """Write one object, or a list of them."""
        items = items_of(values)
        if items is None:
            write(*context, values)
            return
        self.put("[")
        for position, value in enumerate(items):
            if position:
                self.put(",")
            write(*context, value)
        self.put("]")


def members(value: object) -> Mapping[str, object] | None:
    """Return a value that is a mapping, None for every other."""
    # Nearly every mapping is a dict, which asking an abstract class takes ten times as long to find out.
    return cast("Mapping[str, object]", value) if value.__class__ is dict or isinstance(value, Mapping) else None


def items_of(value: object) -> Sequence[object] | None:
    """Return a value that is a list or a tuple, None for every other."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else None


def input_error(message: str, argument: str, value: object) -> InputError:
    kind = "InvalidArgumentValue" if isinstance(value, int) else "InvalidArgumentType"
    # The value tells which of several arguments of the name is meant; it goes when the place is known.
    meta = {"details": message, "argument": argument, "kind": kind, "value": value}
    return cast("InputError", data_error("P2019", f"Input error. {message}", meta))
