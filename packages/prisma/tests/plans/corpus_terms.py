"""The parts of the corpus's requests: `P` marks a value that travels as a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class P:
    """A parameter of the request: its type in the protocol (a list's inner type ends in `[]`) and its value."""

    type: str
    value: Any


@dataclass(frozen=True)
class Case:
    model: str
    action: str
    arguments: dict[str, Any]
    selection: dict[str, Any]


ALL: dict[str, Any] = {"$scalars": True}


def text(value: Any) -> P:
    return P("String", value)


def number(value: Any) -> P:
    return P("Int", value)


def nested(selection: dict[str, Any] = ALL, **arguments: Any) -> dict[str, Any]:
    return {"arguments": arguments, "selection": selection}


def query(model: str, action: str, selection: dict[str, Any] = ALL, **arguments: Any) -> Case:
    return Case(model, action, arguments, selection)


ADA = {"email": text("ada@example.com")}
BOB = {"email": text("bob@example.com")}
NEW = {"email": text("new@example.com")}
MISSING = {"email": text("nobody@example.com")}
DEEP = {"$scalars": True, "posts": nested({"$scalars": True, "tags": nested()}), "profile": nested()}
SAMPLE = {
    "text": text("written"),
    "code": text("0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11"),
    "address": text("10.0.0.1"),
    "bits": text("10110"),
    "flag": P("Boolean", False),
    "small": number(-7),
    "big": P("BigInt", 2**62),
    "ratio": P("Float", 0.1),
    "amount": P("Float", Decimal("12345678901234567890.0123456789")),
    "at": P("DateTime", datetime(2024, 2, 3, 4, 5, 6, 789000, UTC)),
    "zoned": P("DateTime", datetime(2024, 2, 3, 4, 5, 6, 789123, UTC)),
    "day": P("DateTime", datetime(2024, 2, 3, tzinfo=UTC)),
    "clock": P("DateTime", datetime(1970, 1, 1, 4, 5, 6, tzinfo=UTC)),
    "data": P("Json", '{"a": [1, 2.5, null]}'),
    "blob": P("Bytes", b"\x00\x01\xff"),
    "role": P("Enum", "admin"),
    "texts": {"set": P("String[]", ["a", "b"])},
    "bigs": {"set": P("BigInt[]", [1, 2**60])},
    "decimals": {"set": P("Float[]", [Decimal("0.1"), Decimal(3)])},
    "roleList": {"set": P("Enum[]", ["user", "admin"])},
}
