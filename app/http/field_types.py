"""The types for fields of a request body, with the limits of their columns."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    EmailStr,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
)
from pydantic_core import to_json

# PostgreSQL can't store a zero byte, and a name has no control characters.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
MAX_URL = 2048  # characters, more than browsers take
MAX_DEPTH = 32  # lists and objects in each other
MAX_DOCUMENT = 64 * 1024  # bytes of one JSON value: a page of a list has a hundred of them


def _plain_number(value: Any) -> Any:
    # pydantic also takes `1_0`, `5.0`, blanks and digits of other scripts.
    if isinstance(value, bool) or (isinstance(value, str) and not _DIGITS.fullmatch(value)):
        raise ValueError("must be a whole number")
    return value


_DIGITS = re.compile(r"-?[0-9]+")
Whole = Annotated[int, BeforeValidator(_plain_number)]
"""A whole number of a query or a body."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTABLE)]
Prose = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]

# An identifier of another system, such as Stripe.
ExternalId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=_PRINTABLE)]

# In lower case, as Auth.js stores it: one person must not become two users.
Email = Annotated[EmailStr, AfterValidator(str.lower)]


def _web_address(text: str) -> str:
    # Only checked: HttpUrl would change the text, e.g. add a slash.
    _WEB_ADDRESS.validate_python(text)
    return text


_WEB_ADDRESS = TypeAdapter(HttpUrl)
WebAddress = Annotated[
    str,
    StringConstraints(max_length=MAX_URL, pattern=_PRINTABLE),
    Field(examples=["https://example.com/ada.png"]),
    AfterValidator(_web_address),
]


def iso_time(value: Any) -> Any:
    """Return a value that is to become a time, unless it is a number: pydantic would count seconds, or milliseconds."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _DATE.match(value)):
        raise ValueError("must be a time of ISO 8601")
    return value


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _convertible(time: datetime) -> datetime:
    # In the first and last years that Python supports, a conversion to another time zone may fail.
    if time.year not in _YEARS:
        raise ValueError(f"must be in a year from {_YEARS[0]} to {_YEARS[-1]}")
    return time


_YEARS = range(1970, 9999)
Instant = Annotated[AwareDatetime, BeforeValidator(iso_time), AfterValidator(_convertible)]


def _storable(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a JSON value unchanged, if PostgreSQL's jsonb can store it."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise ValueError("holds a zero character or half of a surrogate pair")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("holds a number that is none in JSON, or too large")
    elif isinstance(value, dict | list):
        if depth == 0:
            raise ValueError(f"is nested more than {MAX_DEPTH} times")
        for item in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            _storable(item, depth - 1)
    return value


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _document(value: Any) -> Any:
    if document_size(_storable(value)) > MAX_DOCUMENT:
        raise ValueError(f"has more than {MAX_DOCUMENT} bytes")
    return value


def document_size(value: Any) -> int:
    """Return how many bytes a JSON value has when it is written."""
    return len(to_json(value))


StorableJson = Annotated[Any, AfterValidator(_document)]
