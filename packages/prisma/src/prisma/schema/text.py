"""Reads the text of a schema as tokens, lines and blocks.

The language is one of lines: a block opens with a line that ends in `{` and closes with a line that starts with `}`; a
field or a property is one line. Text that does not fit is left to the schema module, which has a message for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN: Final = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<string> "(?:[^"\\\n]|\\[^\n])*" )
  | (?P<word> [\w-]+ )
  | (?P<newline> \n )
  | (?P<mark> \S )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the text between `start` and `end`: a word, a string with its quotes, or one other character."""

    text: str
    start: int
    end: int

    @property
    def is_string(self) -> bool:
        return self.text[0] == '"' and len(self.text) > 1

    @property
    def value(self) -> str:
        """The text of a string, without its quotes and escapes."""
        import json

        try:
            return json.loads(self.text)
        except ValueError:
            return self.text[1:-1]


class Line(NamedTuple):
    """The tokens of a line, of which there is at least one; comments are left out."""

    number: int
    tokens: list[Token]

    @property
    def words(self) -> list[str]:
        """The texts of the tokens."""
        return [token.text for token in self.tokens]


class Block(NamedTuple):
    """A block such as `model User { … }`: its first word, its second, and the lines inside it.

    `closing` is the line of the bracket, None where the text ends first.
    """

    kind: str
    name: str
    lines: list[Line]
    closing: Line | None


class Change(NamedTuple):
    """A replacement for the text between `start` and `end`."""

    start: int
    end: int
    text: str


def lines(text: str) -> Iterator[Line]:
    """Yield each line that holds more than space and comments."""
    number, first, tokens = 1, 1, list[Token]()
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "newline" and tokens:
            yield Line(first, tokens)
            tokens = []
        elif found.lastgroup not in {"newline", "comment"}:
            first = first if tokens else number
            tokens.append(Token(found.group(), found.start(), found.end()))
        # A comment may hold line ends, too.
        number += found.group().count("\n")
    if tokens:
        yield Line(first, tokens)


@lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks. A command asks for those of a file ten times."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    opening, inside = list[str](), list[Line]()
    for line in lines(text):
        words = line.words
        if not opening:
            opening = words if words[-1] == "{" else []
        elif words[0] != "}":
            inside.append(line)
        else:
            yield _block(opening, inside, line)
            # The next block may open behind the bracket of this one.
            opening, inside = words[1:] if words[-1] == "{" else [], []
    if opening:
        yield _block(opening, inside, None)


def lines_of(text: str, kind: str) -> Iterator[Line]:
    """Yield the lines inside the blocks of a kind."""
    for block in blocks(text):
        if block.kind == kind:
            yield from block.lines


def closing_bracket(words: Sequence[str], opening: int) -> int:
    """Return the place of the bracket that closes the one at `opening`; the place before it if there is no bracket."""
    depth = 0
    for at in range(opening, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if not depth:
            return at if words[opening] == "(" else opening - 1
    return opening - 1


def changed(text: str, changes: Iterable[Change]) -> str:
    """Return the text with the changes made, which must not overlap."""
    # From the end, so that the places of the others stay right.
    for change in sorted(changes, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _block(opening: Sequence[str], inside: list[Line], closing: Line | None) -> Block:
    return Block(opening[0], opening[1] if len(opening) > 1 else "", inside, closing)
