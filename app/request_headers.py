"""The headers of a request, found by their names.

Starlette goes through all headers each time that one is looked for, and each layer of the service looks for some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.requests import Request

if TYPE_CHECKING:
    from starlette.types import Scope

_KEPT = "app.request_headers"  # the place in a request's scope


class RequestHeaders(Headers):
    """Headers with an index; a name that comes several times has its first value there, as in Starlette's own."""

    def __init__(self, given: list[tuple[bytes, bytes]]) -> None:
        self.given = self._list = given
        self.first = dict(reversed(given))

    def get(self, key: str, default: Any = None) -> Any:
        """Return the first value of a header."""
        value = self.first.get(key.lower().encode("latin-1"))
        return default if value is None else value.decode("latin-1")

    def getlist(self, key: str) -> list[str]:
        """Return all values of a header."""
        if len(self.first) != len(self._list):
            return super().getlist(key)
        value = self.get(key)
        return [] if value is None else [value]

    def __getitem__(self, key: str) -> str:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None


def headers_of(scope: Scope) -> RequestHeaders:
    """Return the headers of a request; they are indexed once, unless a layer has replaced them."""
    given, kept = scope["headers"], scope.get(_KEPT)
    if kept is None or kept.given is not given:
        kept = scope[_KEPT] = RequestHeaders(given)
    return kept


class IndexedRequest(Request):
    """A request with such headers."""

    @property
    def headers(self) -> RequestHeaders:
        """The headers."""
        return headers_of(self.scope)
