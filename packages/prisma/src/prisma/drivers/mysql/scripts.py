"""Several statements in one text."""

from __future__ import annotations

import re
from typing import Final

# Comments that begin with ! or M! hold statements.
_BLANK: Final = r"""(?P<blank>(?:[\s;]|\#[^\n]*|--(?=[\s\x00-\x1f]|$)[^\n]*|/\*(?!M?!).*?\*/)+)"""
_ESCAPED: Final = r"""'(?:[^'\\]|''|\\.)*+'|"(?:[^"\\]|""|\\.)*+\""""
_PLAIN: Final = r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+\""""
# A quote that nothing closes takes the rest.
_REST: Final = r"""`(?:[^`]|``)*+`|['"`].*|[^\s;\#\-/'"`]+|."""
_PIECES: Final = {
    # Whether a backslash escapes what follows it inside of quotes.
    True: re.compile(f"{_BLANK}|{_ESCAPED}|{_REST}", re.DOTALL),
    False: re.compile(f"{_BLANK}|{_PLAIN}|{_REST}", re.DOTALL),
}


def without_end(sql: str, *, escapes: bool) -> str:
    """Return SQL without the blanks, comments and semicolons behind its last statement.

    The server would take them for one more statement, and refuse it for being empty. `escapes` says whether a backslash
    does.
    """
    end = 0
    for piece in _PIECES[escapes].finditer(sql):
        if piece.lastgroup is None:
            end = piece.end()
    return sql[:end]
