"""The check of bodies: their length, their type and their JSON.

A route of this class reads and checks its body before anything else. The route then uses the checked bytes, and a valid
body is parsed once. For a route without a body, nothing is read.
"""

from __future__ import annotations

import re
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams

from app.http.endpoint_call import EndpointCall, InvalidRequestError, UnsupportedError, replayed
from app.http.problems import MAX_FAULTS, FieldProblem, ManyFaultsError, ProblemError
from app.http.request_checks.json import parse_json
from app.request_headers import IndexedRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

MAX_BODY = 1024 * 1024  # bytes

# ASCII blanks only: parsers disagree about the others.
_JSON = re.compile(r"[ \t]*application/(?:[!#$&^_.+a-z0-9-]+\+)?json[ \t]*(?:;.*)?", re.IGNORECASE | re.ASCII)


class CheckedRequest(IndexedRequest):
    """A request whose body has at most MAX_BODY bytes, and whose JSON is sound."""

    async def body(self) -> bytes:
        """Return the whole body.

        Raises:
            ProblemError: 413, as soon as that is known.
        """
        if not hasattr(self, "_body"):
            announced = self.headers.get("content-length", "")
            if announced.isdigit() and int(announced) > MAX_BODY:
                raise _TOO_LARGE
            parts: list[bytes] = []
            size = 0
            # Counted in any case: a chunked body has no Content-Length.
            async for part in self.stream():
                size += len(part)
                if size > MAX_BODY:
                    raise _TOO_LARGE
                parts.append(part)
            self._body = b"".join(parts)
        return self._body

    async def json(self) -> Any:
        """Return the value of the body, parsed once.

        Raises:
            ProblemError: 400 for a body that is not sound, 413 for a long one, 415 for one that is not said to be JSON.
        """
        if not hasattr(self, "_json"):
            body = await self.body()
            types = self.headers.getlist("content-type")
            if len(types) > 1:
                raise _TWO_TYPES
            if not types or not _JSON.fullmatch(types[0]):
                raise _NOT_JSON
            self._json = parse_json(body)
        return self._json


class CheckedRoute(APIRoute):
    """A route that takes its own query parameters only, once each, and JSON only, as `CheckedRequest` reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._takes_body = self.body_field is not None
        query = [p for p in get_flat_params(self.dependant) if isinstance(p.field_info, Query)]
        self._is_list = {p.alias: field_annotation_is_sequence(p.field_info.annotation) for p in query}
        try:
            self._call = EndpointCall(self)
        except UnsupportedError:
            self._call = None

    @property
    def has_steps(self) -> bool:
        """Whether valid requests are answered without FastAPI's walk through the dependencies."""
        return self._call is not None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose path is the route's."""
        if scope["method"] not in (self.methods or ()) or scope["app"].dependency_overrides:
            await super().handle(scope, receive, send)
            return
        if scope["query_string"]:
            _check_names(QueryParams(scope["query_string"]), self._is_list)
        request = CheckedRequest(scope, receive)
        # Before FastAPI runs, because it would report an exception from its own call of `json` as another error.
        body = await request.json() if self._takes_body and await request.body() else None
        if self._call is not None and (body is not None or not self._takes_body):
            try:
                response = await self._call.respond(request, body)
            except InvalidRequestError:
                pass
            else:
                await response(scope, receive, send)
                return
        await super().handle(scope, replayed(await request.body(), receive) if self._takes_body else receive, send)


def _check_names(given: QueryParams, is_list: Mapping[str, bool]) -> None:
    """Refuse query parameters that a route does not have, and those that it takes once but are given more often.

    Without a misspelt filter, a list would show too much. Of two values, a proxy may check the one that is not used.

    Raises:
        ProblemError: 422.
    """
    values = given.multi_items()
    if len(values) == len(given) and all(map(is_list.__contains__, given)):
        return
    valid = f"it may be one of {', '.join(sorted(is_list))}" if is_list else "there are none here"
    times = Counter(name for name, _ in values)
    faults = {
        **{name: "may be given once" for name, number in times.items() if number > 1 and not is_list.get(name)},
        **{name: f"is no query parameter: {valid}" for name in times if name not in is_list},
    }
    if len(faults) > MAX_FAULTS:
        raise ManyFaultsError(len(faults))
    if faults:
        fields = [FieldProblem(field=f"query.{name}", message=message) for name, message in faults.items()]
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", "The request is not valid.", fields)


_TOO_LARGE = ProblemError(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", f"A body may have {MAX_BODY} bytes at most."
)
_TWO_TYPES = ProblemError(HTTPStatus.BAD_REQUEST, "two_content_types", "There are two Content-Types.")
_NOT_JSON = ProblemError(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "not_json",
    "The body must be JSON: send the header Content-Type: application/json.",
)
