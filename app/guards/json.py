"""The guard of JSON: what a body must not be, although parsers or databases differ on it."""

from __future__ import annotations

import json
import math
import re
from http import HTTPStatus
from typing import Any, NoReturn

from app.errors import ProblemError

MAX_DEPTH = 64  # arrays and objects within each other
MAX_DIGITS = 1000  # of a number; PostgreSQL holds more, but reading them takes time that grows with the square

# Possessive, and content with a text that does not end: no body makes it look at a byte twice.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OTHER = bytes(set(range(256)) - set(b"[]{}"))
_SQUARE = bytes.maketrans(b"{}", b"[]")
# Behind an even number of backslashes: an odd one makes the backslash before the u a text's own.
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def check_json(body: bytes) -> None:
    """Refuse JSON that is not UTF-8, holds zero characters, halves of characters, numbers that no column can hold or
    an object with the same name twice, or is nested deeper than MAX_DEPTH.

    Raises:
        ProblemError: 400.
    """
    if b"\x00" in body:
        _refuse("zero_byte", "The body holds a zero byte.")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _problem("not_utf8", "The body is not UTF-8.") from error
    if _ZERO.search(text):
        _refuse("zero_byte", "The body holds the character U+0000, which no column can hold.")
    if _is_deep(body):
        _refuse("too_deep", f"The body is nested deeper than {MAX_DEPTH} levels.")
    try:
        value = json.loads(
            text, parse_int=_integer, parse_float=_fraction, parse_constant=_constant, object_pairs_hook=_object
        )
    except ValueError as error:
        raise _problem("invalid_json", "The body is not JSON.") from error
    if _SURROGATE.search(text):
        _check_characters(value)


def _is_deep(body: bytes) -> bool:
    """Tell whether brackets nest too deep: without a parser, which would run out of stack."""
    brackets = _TEXT.sub(b"", body).translate(_SQUARE, _OTHER)
    if brackets.count(b"[") <= MAX_DEPTH:
        return False
    for _ in range(MAX_DEPTH):
        inner = brackets.replace(b"[]", b"")  # without the innermost level
        if len(inner) == len(brackets):
            break
        brackets = inner
    # Not empty: one level more, or brackets without a partner, which the parser must not follow down either.
    return bool(brackets)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse("duplicate_name", "An object has the same name twice.")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _refuse("number_out_of_range", f"A number has more than {MAX_DIGITS} digits.")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if len(digits) > MAX_DIGITS or math.isinf(number):
        _refuse("number_out_of_range", "A number is too large, or has too many digits.")
    return number


def _constant(name: str) -> NoReturn:
    _refuse("invalid_json", f"{name} is no JSON.")


def _check_characters(value: Any) -> None:
    """Refuse halves of characters, which only escapes can write; the value is not deep."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise _problem("lone_surrogate", "A text holds half of a character (a lone surrogate).") from error
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_characters(name)
            _check_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_characters(inner)


def _refuse(code: str, detail: str) -> NoReturn:
    raise _problem(code, detail)


def _problem(code: str, detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, code, detail)
