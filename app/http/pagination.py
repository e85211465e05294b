"""The pages of a list in a fixed order, and the links between them (RFC 8288).

A cursor names the row at the edge of a page by the values of the list's order. The next page begins after these values,
so new or deleted rows neither repeat nor hide others.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from typing_extensions import TypedDict

from app.http.field_types import Whole
from app.http.problems import FieldProblem, ProblemError
from app.http.sparse_fields import Fields, Row

T = TypeVar("T")

MAX_TAKE = 100
DEFAULT_TAKE = 20
MAX_CURSOR = 2048  # characters
_YEARS = range(2, 9999)
_TEXT = re.compile(r"[^\x00\ud800-\udfff]{1,300}")

Take = Annotated[Whole, Query(ge=1, le=MAX_TAKE, description="How many records to return at most.")]
CursorText = Annotated[str | None, Query(alias="cursor", max_length=MAX_CURSOR, description="From a `Link` header.")]


class Page(TypedDict, Generic[T]):
    """A part of a list; `next` is the cursor of the next part, as in the `Link` header, or null."""

    items: list[T]
    next: str | None


class InvalidCursorError(ProblemError):
    """422: the cursor does not belong to this list."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid_cursor",
            "The cursor is not one of this list: take it from a Link header.",
            [FieldProblem(field="query.cursor", message="is not a cursor of this list")],
        )


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: columns with their types (datetime, str or int), the last one unique."""

    columns: Mapping[str, type]
    descending: bool = True

    def arguments(self, *, backwards: bool) -> list[dict[str, str]]:
        """Return the client's `order`."""
        return [{name: "desc" if self.descending != backwards else "asc"} for name in self.columns]


NEWEST_FIRST = Order({"createdAt": datetime, "id": str})


class Cursor(NamedTuple):
    """The values of the row at a page's edge; the rows wanted come after it, or before it if `backwards`."""

    values: tuple[Any, ...]
    backwards: bool

    def text(self) -> str:
        """Return the text of the cursor, which the caller sends back."""
        values = [value.isoformat() if isinstance(value, datetime) else value for value in self.values]
        packed = json.dumps(["b" if self.backwards else "a", *values], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    def condition(self, order: Order) -> dict[str, Any]:
        """Return the client's `where` for the rows after the edge: (a, b) < (x, y), written as a filter."""
        names = list(order.columns)
        comparison = "lt" if order.descending != self.backwards else "gt"
        return {
            # Follows from the rest, and lets an index begin at the edge: PostgreSQL begins at no OR.
            names[0]: {f"{comparison}e": self.values[0]},
            "OR": [
                {**dict(zip(names[:n], self.values, strict=False)), names[n]: {comparison: self.values[n]}}
                for n in range(len(names))
            ],
        }


def read_cursor(text: str, order: Order) -> Cursor:
    """Return the cursor that a text encodes.

    Raises:
        InvalidCursorError: it was not made for a list in this order.
    """
    try:
        direction, *values = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        kinds = zip(values, order.columns.values(), strict=True)
        found = tuple(_READERS[kind](value) for value, kind in kinds)
    except (ValueError, TypeError, RecursionError):
        raise InvalidCursorError from None
    if direction not in ("a", "b"):
        raise InvalidCursorError
    return Cursor(found, direction == "b")


def _read_time(value: Any) -> datetime:
    time = datetime.fromisoformat(value)
    if time.tzinfo is None or time.year not in _YEARS:
        raise ValueError("no time zone, or a year that no time zone may be converted in")
    return time


def _read_text(value: Any) -> str:
    if _TEXT.fullmatch(value) is None:
        raise ValueError("nothing that is stored")
    return value


def _read_number(value: Any) -> int:
    if type(value) is not int or abs(value) >= 2**31:
        raise ValueError("no Int")
    return value


_READERS: dict[type, Callable[[Any], Any]] = {datetime: _read_time, str: _read_text, int: _read_number}


# The description of a page in OpenAPI.
PAGE_RESPONSE: dict[int | str, dict[str, Any]] = {
    int(HTTPStatus.OK): {
        "headers": {
            "Link": {"description": "Where `next`, `prev` and `first` are (RFC 8288).", "schema": {"type": "string"}}
        }
    }
}


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that a request asks for."""

    order: Order
    take: int
    cursor: Cursor | None
    request: Request = field(repr=False)
    response: Response = field(repr=False)

    @property
    def backwards(self) -> bool:
        """Whether the page is before the cursor, so that its rows are read in the opposite order."""
        return self.cursor is not None and self.cursor.backwards

    def arguments(self, where: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        """Return the arguments of the client's find_many; one row more than asked for tells whether others follow."""
        return {
            "where": {"AND": [where, self.cursor.condition(self.order)]} if self.cursor is not None else where,
            "order": self.order.arguments(backwards=self.backwards),
            "take": self.take + 1,
            "select": fields.select(*self.order.columns),
        }

    def page(self, rows: Sequence[Row], fields: Fields) -> Page[Any]:
        """Return the page of the rows that were found with `arguments`, and link it to its neighbours."""
        more, rows = len(rows) > self.take, rows[: self.take]
        if self.backwards:
            rows = rows[::-1]
        # On the side that the cursor came from there is always a neighbour: the row that the cursor names.
        has_next, has_previous = (True, more) if self.backwards else (more, self.cursor is not None)
        following = self._edge(rows[-1], backwards=False) if rows and has_next else None
        links = {"first": None, "prev": None, "next": following}
        if rows and has_previous:
            links["prev"] = self._edge(rows[0], backwards=True)
        self.response.headers["Link"] = ", ".join(
            f'<{self._address(cursor)}>; rel="{relation}"'
            for relation, cursor in links.items()
            if cursor is not None or relation == "first"
        )
        return {"items": [fields.shown(row) for row in rows], "next": following}

    def _edge(self, row: Row, *, backwards: bool) -> str:
        return Cursor(tuple(row[name] for name in self.order.columns), backwards).text()

    def _address(self, cursor: str | None) -> str:
        """Return the address of a page, without the host, which a proxy may have changed."""
        parameters = [item for item in self.request.query_params.multi_items() if item[0] != "cursor"]
        if cursor is not None:
            parameters.append(("cursor", cursor))
        # The path of a list holds no values, so nothing in it has to be encoded.
        path: str = self.request.scope["path"]
        return f"{path}?{urlencode(parameters)}" if parameters else path


def window_of(order: Order) -> Callable[..., Awaitable[Window]]:
    """Return the dependency that reads the query parameters `take` and `cursor` for a list in this order."""

    async def read(
        request: Request, response: Response, take: Take = DEFAULT_TAKE, cursor: CursorText = None
    ) -> Window:
        return Window(order, take, None if cursor is None else read_cursor(cursor, order), request, response)

    return read
