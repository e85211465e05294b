"""SQL tokens: the compiler's SQL, cut where quotes, parentheses and commas are.

The compiler writes a small part of SQL: no comments, no dollar quotes, no escapes but doubled quotes. So a pattern of
one line is enough for the passes. The lexer of `prisma.drivers.postgresql` reads what people write; it takes more than
ten times as long for each text, and its patterns take 10 ms to compile, which every program would pay at its start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

STRING: Final = r"'(?:[^']|'')*'"
"""The pattern of a string."""

NAME: Final = r'(?:"(?:[^"]|"")+"|`(?:[^`]|``)+`)'
"""The pattern of a quoted name, in the quotes of the standard or in SQLite's."""

_TOKEN: Final = re.compile(rf"""{STRING}|{NAME}|[(),]|[^'"`(),]+|['"`]""")


def read_tokens(sql: str) -> list[str]:
    """Return the strings, names, parentheses and commas of a text, and what is between them; joined, they are the text.

    A quote that nothing closes is a token.
    """
    return _TOKEN.findall(sql)


def read_items(tokens: Sequence[str], start: int) -> tuple[list[str], int] | None:
    """Return what is between the commas of a parenthesis that opens before `start`, and the position after its end.

    None if nothing closes it.
    """
    items = [""]
    depth = 0
    for position in range(start, len(tokens)):
        piece = tokens[position]
        if piece == ")" and not depth:
            return items, position + 1
        if piece == "," and not depth:
            items.append("")
            continue
        depth += (piece == "(") - (piece == ")")
        items[-1] += piece
    return None


def quoted(*names: str, quote: str = '"') -> str:
    """Return a name of SQL, after the names of the table and the schema that it belongs to."""
    return ".".join(quote + name.replace(quote, quote * 2) + quote for name in names)


def unquoted(name: str) -> str:
    """Return a name without its quotes."""
    quote = name[0]
    return name[1:-1].replace(quote * 2, quote)
