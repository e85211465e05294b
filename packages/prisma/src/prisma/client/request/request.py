"""The request to the compiler, in pieces of JSON text, with placeholders for its values and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


class Sentinel(str):
    """A number in a request that represents any number of its sign: one text for each of two compilations."""

    __slots__ = ("first", "second")

    first: int
    second: int


@cache
def sentinel(index: int) -> Sentinel:
    # Far from what schemas and programs contain, and apart from each other.
    first, second = 1_000_003 + 1_000 * index, 1_500_009 + 1_000 * index
    number = Sentinel(first)
    number.first, number.second = first, second
    return number


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its shape, and the values and numbers outside of it.

    `numbers` are absolute values: a sign belongs to the shape.
    """

    shape: tuple[str, ...]
    values: list[object]
    numbers: list[int]

    @property
    def text(self) -> str:
        """The request in JSON, with the first number of every sentinel."""
        # A sentinel is a str with its first number as text.
        return "".join(self.shape)

    @property
    def second_text(self) -> str:
        """The same with the second numbers."""
        return "".join(str(part.second) if isinstance(part, Sentinel) else part for part in self.shape)

    @property
    def literal_text(self) -> str:
        """The same with the numbers themselves."""
        numbers = iter(self.numbers)
        return "".join(str(next(numbers)) if isinstance(part, Sentinel) else part for part in self.shape)

    @property
    def sentinels(self) -> list[tuple[int, int]]:
        """The two numbers of every sentinel, in the order of `numbers`."""
        return [(part.first, part.second) for part in self.shape if isinstance(part, Sentinel)]


@cache
def placeholder(index: int, type_: str) -> str:
    return f'{{"$type":"Param","value":{{"name":"%{index}","type":"{type_}"}}}}'


@cache
def list_placeholder(index: int, type_: str) -> str:
    return f'{{"$type":"Param","value":{{"name":"%{index}","type":"List","inner":{{"type":"{type_}"}}}}}}'
