"""Outcomes of queries, in a form in which two clients can be compared.

The normalisation is all that is forgiven:

- Python values: a record without the relations that were not asked for is a dictionary, a member of an enum its name,
  Bytes are Base64 text, times are in UTC.
- Prisma's tags become those values; a Decimal is a number, whatever its trailing zeros; a float without a fraction is
  an int, as JavaScript writes it; NaN is equal to NaN.
- A list that nothing puts in order is sorted.
- A time within an hour of the start of the test was made by the client or the server: it counts as "now".
- `update` and `delete` of 0.15.0 answer None where Prisma raises P2025.
- The bulk writes and `count` of 0.15.0 return the number itself.
- An error is its code.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

from prisma import Base64
from prisma.errors import DataError

from .queries import COUNTED, RETURNING, Query

NOW: Final = "now"


class Outcomes:
    """Reads outcomes; the times of the hour from `start` on are now."""

    def __init__(self, start: datetime) -> None:
        # The server's clock and ours need not agree to the second.
        self._start = start - timedelta(minutes=1)
        self._end = start + timedelta(hours=1)

    async def of_client(self, query: Query, db: Any) -> Any:
        """Run a query with the Python client and return its outcome."""
        model, method, arguments = query.call
        try:
            result = await getattr(getattr(db, model), method)(**arguments)
        except DataError as error:
            return {"error": error.code, "message": str(error)}
        if result is None and query.action in {"updateOne", "deleteOne"}:
            return {"error": "P2025", "message": "None"}
        return {"result": _in_order(query, self._plain(result))}

    def of_oracle(self, query: Query, answer: Mapping[str, Any]) -> Any:
        """Return the outcome that the oracle's answer describes."""
        if "error" in answer:
            return {"error": answer["error"]["code"], "message": answer["error"]["message"]}
        result = self._plain(answer["result"])
        if query.action in COUNTED:
            result = result["count"]
        if query.action == "aggregate":
            counts = result["_count"]
            result = counts["_all"] if query.aggregates["_count"] is True else counts
        return {"result": _in_order(query, result)}

    def of_rows(self, text: str) -> Any:
        """Return the content of tables, given as JSON."""
        return self._plain(json.loads(text, parse_float=Decimal))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, BaseModel):
            return self._plain(value.model_dump(exclude_unset=True))
        if isinstance(value, dict):
            return (
                self._tagged(value) if "$type" in value else {name: self._plain(item) for name, item in value.items()}
            )
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        if isinstance(value, float):
            return "NaN" if math.isnan(value) else int(value) if value.is_integer() else value
        if isinstance(value, datetime):
            return self._moment(value)
        if isinstance(value, Base64):
            return str(value)
        return self._moment_text(value) if isinstance(value, str) else value

    def _tagged(self, tagged: Mapping[str, Any]) -> Any:
        return self._plain(_TAGS[tagged["$type"]](tagged["value"]))

    def _moment(self, value: datetime) -> str:
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return NOW if self._start <= aware < self._end else aware.astimezone(UTC).isoformat()

    def _moment_text(self, text: str) -> str:
        if len(text) > 18 and text[10:11] == "T":
            moment = datetime.fromisoformat(text)
            return self._moment(moment)
        return text


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two outcomes are the same. Two errors are the same if their codes are."""
    return _without_message(one) == _without_message(other)


def _without_message(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outcome.items() if name != "message"}


def _in_order(query: Query, result: Any) -> Any:
    listed = query.action in {"findMany", "groupBy", *RETURNING}
    return _sorted(result, query.include, listed and "orderBy" not in query.arguments)


def _sorted(value: Any, include: Mapping[str, Any], unordered: bool) -> Any:
    if isinstance(value, list):
        records = [_sorted(record, include, False) for record in value]
        return sorted(records, key=_sort_key) if unordered else records
    if isinstance(value, dict):
        parts = {
            name: _sorted(value[name], arguments.get("include", {}), "orderBy" not in arguments)
            for name, arguments in include.items()
            if name in value
        }
        return {**value, **parts}
    return value


def _sort_key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=lambda number: float(number))


def _moment_of(value: str | int) -> datetime:
    # SQLite's least and greatest moments, whose column has no type: programs make a Date of either.
    return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value / 1000, UTC)


_TAGS: Final[dict[str, Callable[[Any], Any]]] = {
    "DateTime": _moment_of,
    "BigInt": int,
    "Decimal": lambda text: Decimal(str(text)),
    "Bytes": str,
    "Json": json.loads,
    "Float": float,
}
