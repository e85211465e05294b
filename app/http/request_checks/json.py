"""The check of JSON: it refuses bodies that two parsers, or a parser and the database, may read differently.

A body is parsed once, without callbacks. If the parser could have lost something, the value is written again. The
result shows a lost member, a number that became infinity, and half of a surrogate pair. So every pass over the bytes is
the standard library's C code, and no body costs much more than its parsing.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from itertools import accumulate
from typing import Any, NoReturn

from app.http.problems import ProblemError

MAX_DEPTH = 64  # arrays and objects within each other
MAX_DIGITS = 1000  # of a number; PostgreSQL holds more, but reading them takes time that grows with the square

_BRACKETS = b"[]{}"
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))
_SQUARE = bytes.maketrans(b"{}", b"[]")
_STEPS = [1 if byte == ord("[") else -1 for byte in range(256)]
_DIGITS = b"0123456789.eE+-"
_AS_ZEROS = bytes.maketrans(_DIGITS, b"0" * len(_DIGITS))
_TOO_MANY_DIGITS = b"0" * (MAX_DIGITS + 1)
_MANY_DIGITS = b"0" * 309  # with fewer, and without an exponent, no number is too large for a float
# After an even number of backslashes; after an odd number, the backslash before the u is escaped.
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def parse_json(body: bytes) -> Any:
    """Return the value of a body.

    Raises:
        ProblemError: 400. The body is not JSON or not UTF-8, holds zero characters, halves of characters, numbers that
            no column can hold or an object with the same name twice, or is nested deeper than MAX_DEPTH.
    """
    text = _decoded(body)
    outside = _outside_texts(body)
    # Before the parser runs: it would run out of stack.
    if _is_deep(outside):
        _refuse("too_deep", f"The body is nested deeper than {MAX_DEPTH} levels.")
    numbers = outside.translate(_AS_ZEROS)
    if _TOO_MANY_DIGITS in numbers:
        _refuse("number_out_of_range", f"A number has more than {MAX_DIGITS} digits.")
    try:
        value = _DECODER.decode(text)
    except ValueError as error:
        raise _problem("invalid_json", "The body is not JSON.") from error
    members = outside.count(b":")
    if members or rb"\u" in body or b"e" in outside or b"E" in outside or _MANY_DIGITS in numbers:
        _check_written(value, members)
    return value


def _decoded(body: bytes) -> str:
    if b"\x00" in body:
        _refuse("zero_byte", "The body holds a zero byte.")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _problem("not_utf8", "The body is not UTF-8.") from error
    # The plain search first: the expression looks at every byte by itself.
    if r"\u0000" in text and _ZERO.search(text):
        _refuse("zero_byte", "The body holds the character U+0000, which no column can hold.")
    return text


def _outside_texts(written: bytes) -> bytes:
    """Return JSON without its strings; after a syntax error the rest is meaningless."""
    without_escapes = written.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(without_escapes.split(b'"')[::2])


def _is_deep(outside: bytes) -> bool:
    """Tell whether brackets nest too deep, as far as a parser would follow them."""
    brackets = outside.translate(_SQUARE, _NO_BRACKETS)
    if brackets.count(b"[") <= MAX_DEPTH:
        return False
    return max(accumulate(map(_STEPS.__getitem__, brackets))) > MAX_DEPTH


def _check_written(value: Any, members: int) -> None:
    """Refuse losses that the written value shows; `members` is the number of members in the body's objects."""
    try:
        written = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _problem("lone_surrogate", "A text holds half of a character (a lone surrogate).") from error
    outside = _outside_texts(written)
    if outside.count(b":") < members:
        _refuse("duplicate_name", "An object has the same name twice.")
    if b"Infinity" in outside:
        _refuse("number_out_of_range", "A number is too large.")


def _constant(name: str) -> NoReturn:
    _refuse("invalid_json", f"{name} is no JSON.")


_DECODER = json.JSONDecoder(parse_constant=_constant)


def _refuse(code: str, detail: str) -> NoReturn:
    raise _problem(code, detail)


def _problem(code: str, detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, code, detail)
