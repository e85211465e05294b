"""JavaScript's values, as far as Prisma's modules ask about them.

Strings, booleans, arrays and objects are Python's str, bool, list and dict; numbers are int or float; `null` is None;
functions are callables.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final, TypeGuard

# 2^53 - 1: beyond it, neighbouring integers share a float64.
MAX_SAFE_INTEGER = 9007199254740991


class Undefined:
    """The type of `undefined`."""

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = Undefined()


class JsError:
    """An `Error` object: a value, not an exception. Its message, its name and more are properties."""

    def __init__(self, message: str) -> None:
        self.properties: dict[str, Any] = {"name": "Error", "message": message}

    @property
    def message(self) -> str:
        """The property of this name."""
        return str(self.properties["message"])

    def __getitem__(self, key: str) -> object:
        return self.properties[key]

    def __setitem__(self, key: str, value: object) -> None:
        self.properties[key] = value


def is_nothing(value: object) -> bool:
    """Say whether this is `null` or `undefined`."""
    return value is None or value is UNDEFINED


def is_number(value: object) -> TypeGuard[int | float]:
    """Say whether this is a number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_object(value: object) -> bool:
    """Say whether `typeof` is "object" and the value is not `null`."""
    return not (is_nothing(value) or isinstance(value, str | bool | int | float) or callable(value))


def is_safe_integer(value: object) -> bool:
    """Do as `Number.isSafeInteger`."""
    return is_number(value) and math.isfinite(value) and value == int(value) and abs(value) <= MAX_SAFE_INTEGER


def loosely_equal(left: object, right: object) -> bool:
    """Do as `==` for values of the same type; nothing equals nothing, values of different types are unequal."""
    if is_nothing(left) or is_nothing(right):
        return is_nothing(left) and is_nothing(right)
    if is_number(left) and is_number(right):
        return left == right
    return type(left) is type(right) and (left is right if is_object(left) else left == right)


def to_number(value: object) -> float:
    """Do as `Number(value)`, without the spellings of numbers that JSON does not have."""
    # JavaScript's null is 0, and its undefined is no number.
    if value is None:
        return 0.0
    try:
        return float(value) if isinstance(value, str | bool | int | float) else math.nan
    except ValueError:
        return math.nan


def to_text(value: object) -> str:
    """Do as `String(value)`; objects come as JSON, which says more."""
    if isinstance(value, JsError):
        return f"{value['name']}: {value.message}"
    if isinstance(value, str) or value is UNDEFINED:
        return str(value)
    return json.dumps(value, default=repr)


def get(container: Any, key: object) -> object:
    """Do as `container[key]`."""
    try:
        return container[key]
    except (KeyError, IndexError, TypeError):
        return UNDEFINED
