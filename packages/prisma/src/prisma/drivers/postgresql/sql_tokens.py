"""The tokens of SQL, by PostgreSQL's lexical rules, in one pass whose time grows with the length of the text.

A plain string is read as with `standard_conforming_strings = on`, the default. With `off`, a backslash in it escapes
the next character; only a backslash before a quote changes where the string ends.
"""

from __future__ import annotations

import re
import string
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class UnreadableSql(ValueError):
    """A text that PostgreSQL would refuse before it runs any of it: a string without an end, a stray character."""


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    """A key word or an identifier without quotes."""
    QUOTED = "quoted"
    """An identifier in quotes."""
    STRING = "string"
    """A constant in quotes or dollar quotes, of any kind, with the pieces on the next lines that continue it."""
    NUMBER = "number"
    PARAMETER = "parameter"
    OPERATOR = "operator"
    MARK = "mark"
    """One of `( ) [ ] , ; : . :: := ..`."""


class Token(NamedTuple):
    """A token; `text` is the name of a NAME (folded to lower case) or QUOTED, and as written for all others."""

    kind: Kind
    text: str
    start: int
    end: int


_SPACE: Final = r"[ \t\n\r\f\v]"
_STARTS: Final = r"[A-Za-z_\x80-\U0010ffff]"
_DIGITS: Final = r"[0-9](?:_?[0-9])*+"

# Compiled by `re` when a text is first read, and kept there: most programs read none, and compiling takes 10 ms.
_TOKEN: Final = rf"""
      (?P<space> {_SPACE}++ | --[^\n\r]*+ )
    | (?P<comment> /\* )
    | (?P<escaped> [eE]' )
    | (?P<bits> [bBxX]' )
    | (?P<plain> (?: [nN] | [uU]& )?+' )
    | (?P<quoted> " )
    | (?P<unicode> [uU]&" )
    | (?P<name> {_STARTS}[A-Za-z0-9_$\x80-\U0010ffff]*+ )
    | (?P<parameter> \$[0-9]++ )
    | (?P<dollars> \$(?: {_STARTS}[A-Za-z0-9_\x80-\U0010ffff]*+ )?+\$ )
    | (?P<number> 0[xX](?:_?[0-9A-Fa-f])++ | 0[oO](?:_?[0-7])++ | 0[bB](?:_?[01])++
        | (?: {_DIGITS}(?: \.(?!\.)(?:{_DIGITS})?+ )?+ | \.{_DIGITS} )(?: [eE][+-]?+{_DIGITS} )?+ )
    | (?P<operator> (?: (?!/\*|--)[~!@\#^&|`?+\-*/%<>=] )++ )
    | (?P<mark> :: | := | \.\. | [,()\[\].;:] )
    """

# What is between two pieces of one string: a line's end, and comments that end with their line.
_BETWEEN: Final = r"(?>[ \t\f\v]+|--[^\n\r]*)*+[\n\r](?>[ \t\n\r\f\v]+|--[^\n\r]*+[\n\r])*+"


def _until_closed(body: str) -> str:
    """Return the pattern of what follows the opening quote of a string."""
    return rf"{body}'(?>{_BETWEEN}'{body}')*+"


_RESTS: Final = {
    "escaped": _until_closed(r"(?>[^'\\]+|''|\\.)*+"),
    "bits": _until_closed(r"[^']*+"),
    "plain": _until_closed(r"(?>[^']+|'')*+"),
}
_REST_OF_NAME: Final = r'(?>[^"]+|"")*+"'
_COMMENT_ENDS: Final = r"/\*|\*/"
# An operator of several characters ends in + or - only where it has one of these.
_UNLIKE_ARITHMETIC: Final = r"[~!@#^&|`?%]"
_FOLDED: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def read_tokens(sql: str) -> list[Token]:
    """Return the tokens of a text, without its comments.

    Raises:
        UnreadableSql: the text breaks a lexical rule.
    """
    return list(_with_unicode_names(sql, list(_scan(sql))))


def _scan(sql: str) -> Iterator[Token]:
    match, position, length = re.compile(_TOKEN, re.VERBOSE).match, 0, len(sql)
    while position < length:
        found = match(sql, position)
        if found is None:
            raise UnreadableSql(f"Character {position + 1} of the SQL begins no token.")
        start, group, end = position, found.lastgroup, found.end()
        position = end
        if group == "space":
            continue
        if group == "comment":
            position = _behind_comment(sql, end)
        elif group == "name":
            yield Token(Kind.NAME, _folded(found[0]), start, end)
        elif group == "mark":
            yield Token(Kind.MARK, found[0], start, end)
        elif group == "operator":
            yield from _operators(found[0], start)
        elif group == "number":
            yield Token(Kind.NUMBER, found[0], start, end)
        elif group == "parameter":
            yield Token(Kind.PARAMETER, found[0], start, end)
        else:
            token = _in_quotes(sql, str(group), start, end)
            position = token.end
            yield token


def _folded(name: str) -> str:
    # The server leaves letters beyond ASCII as they are, while Python makes a k of the sign for Kelvin.
    return name.lower() if name.isascii() else name.translate(_FOLDED)


def _in_quotes(sql: str, group: str, start: int, opened: int) -> Token:
    if group == "dollars":
        closing = sql[start:opened]
        closed = sql.find(closing, opened)
        if closed < 0:
            raise _endless(start)
        end = closed + len(closing)
        return Token(Kind.STRING, sql[start:end], start, end)
    is_name = group in ("quoted", "unicode")
    rest = re.compile(_REST_OF_NAME if is_name else _RESTS[group], re.DOTALL).match(sql, opened)
    if rest is None:
        raise _endless(start)
    end = rest.end()
    if is_name:
        return Token(Kind.QUOTED, sql[opened : end - 1].replace('""', '"'), start, end)
    return Token(Kind.STRING, sql[start:end], start, end)


def _behind_comment(sql: str, position: int) -> int:
    """Return where the comment ends whose inside begins at `position`; comments may be nested."""
    depth = 1
    for mark in re.compile(_COMMENT_ENDS).finditer(sql, position):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.end()
    raise _endless(position - 2)


def _operators(run: str, start: int) -> Iterator[Token]:
    """Yield the operators of a run: `=-` are two, `@-` is one."""
    length = len(run) if re.search(_UNLIKE_ARITHMETIC, run) else max(len(run.rstrip("+-")), 1)
    yield Token(Kind.OPERATOR, run[:length], start, start + length)
    for index in range(length, len(run)):
        yield Token(Kind.OPERATOR, run[index], start + index, start + index + 1)


def _with_unicode_names(sql: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with the names in the place of `U&"…"` and `U&"…" UESCAPE '…'`."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.kind is Kind.QUOTED and sql[token.start] in "uU":
            escape, end = "\\", token.end
            if index < len(tokens) and tokens[index][:2] == (Kind.NAME, "uescape"):
                escape, end = _escape_character(tokens[index + 1 : index + 2])
                index += 2
            yield Token(Kind.QUOTED, _unescaped(token.text, escape), token.start, end)
        else:
            yield token


def _escape_character(after: Sequence[Token]) -> tuple[str, int]:
    for token in after:
        if token.kind is Kind.STRING and len(token.text) == 3 and token.text[0] == "'":
            return token.text[1], token.end
    raise UnreadableSql("UESCAPE needs a string of one character.")


def _unescaped(text: str, escape: str) -> str:
    mark = re.escape(escape)
    pattern = rf"{mark}(?:({mark})|([0-9A-Fa-f]{{4}})|\+([0-9A-Fa-f]{{6}})|)"

    def character(found: re.Match[str]) -> str:
        digits = found[2] or found[3]
        if found[1]:
            return escape
        if digits is None or int(digits, 16) > 0x10FFFF:
            raise UnreadableSql("A Unicode escape is not valid.")
        return chr(int(digits, 16))

    joined = re.sub(pattern, character, text)
    try:
        # Two escapes may be the halves of one character.
        return joined.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableSql("A Unicode escape is half a character.") from error


def may_commit(sql: str) -> bool:
    """Say whether a statement can commit on its way, and then fail: a procedure's call, or a block of code."""
    try:
        tokens = read_tokens(sql)
    except UnreadableSql:
        return False
    return bool(tokens) and tokens[0].kind is Kind.NAME and tokens[0].text in {"call", "do"}


def _endless(position: int) -> UnreadableSql:
    return UnreadableSql(f"What begins at character {position + 1} of the SQL has no end.")
