"""Generated queries: one value, written as arguments of the Python client and as a request of Prisma's protocol."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from prisma import Base64, Json

from .vocabulary import PYTHON_NAMES, Null

METHODS: Final = {
    "findUnique": "find_unique",
    "findUniqueOrThrow": "find_unique_or_raise",
    "findFirst": "find_first",
    "findFirstOrThrow": "find_first_or_raise",
    "findMany": "find_many",
    "aggregate": "count",
    "groupBy": "group_by",
    "createOne": "create",
    "createMany": "create_many",
    "updateOne": "update",
    "updateMany": "update_many",
    "upsertOne": "upsert",
    "deleteOne": "delete",
    "deleteMany": "delete_many",
}
# Both clients answer with the written records.
RETURNING: Final = {"createManyAndReturn": "create_many_and_return", "updateManyAndReturn": "update_many_and_return"}
READS: Final = tuple(METHODS)[:7]
WRITES: Final = tuple(METHODS)[7:]
COUNTED: Final = frozenset({"createMany", "updateMany", "deleteMany"})


@dataclass(frozen=True, slots=True)
class Query:
    """A query.

    Attributes:
        arguments: under the protocol's names, with Python values.
        include: relation → its arguments, an `include` of its own among them.
        aggregates: `_count`, `_sum`, … → the chosen fields; `_count` may be True.
    """

    model: str
    action: str
    arguments: dict[str, Any]
    include: dict[str, Any] = field(default_factory=dict[str, Any])
    aggregates: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def request(self) -> dict[str, Any]:
        """The query in the protocol."""
        return {
            "modelName": self.model,
            "action": self.action,
            "query": {"arguments": to_protocol(self.arguments), "selection": self._selection()},
        }

    def _selection(self) -> dict[str, Any]:
        if self.action in COUNTED:
            return {"count": True}
        if self.action in {"aggregate", "groupBy"}:
            chosen = {
                name: {"arguments": {}, "selection": {"_all": True} if fields is True else fields}
                for name, fields in self.aggregates.items()
            }
            return dict.fromkeys(self.arguments.get("by", ()), True) | chosen
        return _selection(self.include)

    @property
    def call(self) -> tuple[str, str, dict[str, Any]]:
        """The attribute of the client, the method, and its arguments."""
        arguments = to_python(self.arguments)
        if self.action == "upsertOne":
            arguments["data"] = {name: arguments.pop(name) for name in ("create", "update")}
        if self.action == "aggregate":
            chosen = self.aggregates["_count"]
            arguments |= {} if chosen is True else {"select": chosen}
        arguments |= {name[1:]: chosen for name, chosen in self.aggregates.items() if self.action == "groupBy"}
        if self.include:
            arguments["include"] = to_python(self.include)
        return self.model.lower(), (METHODS | RETURNING)[self.action], arguments

    def __repr__(self) -> str:
        model, method, arguments = self.call
        written = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        return f"db.{model}.{method}({written})\n  = {json.dumps(self.request, ensure_ascii=False)}"


def _selection(include: Mapping[str, Any]) -> dict[str, Any]:
    selection: dict[str, Any] = {"$composites": True, "$scalars": True}
    for relation, arguments in include.items():
        rest = {name: value for name, value in arguments.items() if name != "include"}
        selection[relation] = {"arguments": to_protocol(rest), "selection": _selection(arguments.get("include", {}))}
    return selection


def to_protocol(value: Any) -> Any:
    """Return a value as JSON of the protocol, with tags where JSON has no such type."""
    return _converted(value, _PROTOCOL, str)


def _number(value: int) -> Any:
    return value if abs(value) <= _MAX_SAFE or isinstance(value, bool) else {"$type": "BigInt", "value": str(value)}


def to_python(value: Any) -> Any:
    """Return a value as the Python client takes it."""
    return _converted(value, _PYTHON, lambda name: PYTHON_NAMES.get(name, name))


# Beyond this, JavaScript writes a BigInt.
_MAX_SAFE: Final = 2**53 - 1

_Conversions = tuple[tuple[type, Callable[[Any], Any]], ...]

_PROTOCOL: Final[_Conversions] = (
    (Null, lambda null: {"$type": "Enum", "value": null.value}),
    (int, _number),
    (datetime, lambda moment: {"$type": "DateTime", "value": moment.isoformat(timespec="milliseconds")}),
    (Decimal, lambda number: {"$type": "Decimal", "value": str(number)}),
    (bytes, lambda data: {"$type": "Bytes", "value": base64.b64encode(data).decode()}),
    (Json, lambda data: {"$type": "Json", "value": json.dumps(data.data)}),
)
_PYTHON: Final[_Conversions] = (
    (Null, lambda null: Json(None) if null is Null.JSON else None),
    (bytes, Base64.encode),
)


def _converted(value: Any, conversions: _Conversions, rename: Callable[[str], str]) -> Any:
    for kind, convert in conversions:
        if isinstance(value, kind):
            return convert(value)
    if isinstance(value, dict):
        return {rename(name): _converted(item, conversions, rename) for name, item in value.items()}
    if isinstance(value, list):
        return [_converted(item, conversions, rename) for item in value]
    return value
