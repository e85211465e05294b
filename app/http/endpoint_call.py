"""Calls of endpoints: what FastAPI does between a request and an endpoint, prepared once for each route.

FastAPI walks a route's tree of dependencies for each request, and looks at the kind of every parameter again. Here the
tree becomes a list of steps when the route is made. A step reads parameters, or calls a dependency, as FastAPI does.

The steps answer valid requests only. For any other request, and for routes with features that the steps lack, FastAPI
does the work, so its errors are the API's errors. FastAPI also describes the routes in OpenAPI.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import Response

from app.http.problems import MAX_FAULTS, ManyFaultsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from fastapi import Request
    from fastapi.dependencies.models import Dependant
    from fastapi.routing import APIRoute


class InvalidRequestError(Exception):
    """A parameter or the body is not valid, which FastAPI explains to the caller."""


class UnsupportedError(Exception):
    """A route has a feature that the steps lack."""


class Draft(Response):
    """The response that dependencies and endpoints put headers on, before there is content."""

    def __init__(self) -> None:
        self.status_code = None  # type: ignore[assignment] FastAPI's draft has none either
        self.background = None
        self.raw_headers = []


class Parameter:
    """A parameter that a request may have in its path, its query or its headers."""

    __slots__ = ("_default", "_factory", "_is_list", "_required", "_validate", "alias", "name")

    def __init__(self, field: Any) -> None:
        info = field.field_info
        self.name: str = field.name
        self.alias: str = field.alias
        self._is_list = _is_list(info.annotation)
        self._factory: Callable[[], Any] | None = info.default_factory
        self._required: bool = info.is_required()
        self._default = info.default
        if self._factory is None and not (self._required or _is_constant(self._default)):
            raise UnsupportedError
        if info.validate_default:
            raise UnsupportedError
        self._validate = _validator(info)

    def default(self) -> Any:
        """Return the value in a request without this parameter."""
        if self._required:
            raise InvalidRequestError
        return self._default if self._factory is None else self._factory()

    def read(self, given: Any) -> Any:
        """Return the value in a request; `given` has the request's path parameters, query parameters or headers."""
        value = given.getlist(self.alias) if self._is_list else given.get(self.alias)
        # An empty text is a value; an empty list is none.
        return self._validate(value) if value or value == "" else self.default()


@dataclass(frozen=True, slots=True)
class Step:
    """A call of a dependency, or of the endpoint; `dependencies` are the places of its arguments among the results."""

    call: Callable[..., Awaitable[Any]]
    dependencies: tuple[tuple[str, int], ...]
    path: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    headers: tuple[Parameter, ...]
    request: str | None
    response: str | None
    body: tuple[str, Callable[[Any], Any]] | None

    def arguments(self, request: Request, response: Response, body: Any, results: list[Any]) -> dict[str, Any]:
        """Return the arguments of the call.

        Raises:
            ValidationError, InvalidRequestError: the request is not valid.
        """
        found: dict[str, Any] = {}
        for name, place in self.dependencies:
            found[name] = results[place]
        if self.path:
            values = request.path_params
            for parameter in self.path:
                found[parameter.name] = parameter.read(values)
        if self.query:
            if request.scope["query_string"]:
                values = request.query_params
                for parameter in self.query:
                    found[parameter.name] = parameter.read(values)
            else:
                for parameter in self.query:
                    found[parameter.name] = parameter.default()
        if self.headers:
            values = request.headers
            for parameter in self.headers:
                found[parameter.name] = parameter.read(values)
        if self.request is not None:
            found[self.request] = request
        if self.response is not None:
            found[self.response] = response
        if self.body is not None:
            name, validate = self.body
            found[name] = validate(body)
        return found


class EndpointCall:
    """How a route answers a valid request."""

    __slots__ = ("_status", "_steps", "_validate", "_write")

    def __init__(self, route: APIRoute) -> None:
        """Prepare the calls of a route.

        Raises:
            UnsupportedError: FastAPI must answer, because the route has a feature that the steps lack.
        """
        if route.response_model is None or not _is_plain(route):
            raise UnsupportedError
        self._status = route.status_code
        # What the adapter's own methods come to, without their many options.
        adapter: TypeAdapter[Any] = TypeAdapter(route.response_model)
        self._validate = adapter.validator.validate_python
        self._write = adapter.serializer.to_json
        self._steps: list[Step] = []
        _add_steps(route.dependant, self._steps, {})

    async def respond(self, request: Request, body: Any) -> Response:
        """Return the response to a request, whose body has this value.

        Raises:
            InvalidRequestError: the request is not valid; the endpoint was not called.
            ManyFaultsError: the same, and FastAPI would take long to explain it.
        """
        draft = Draft()
        results: list[Any] = []
        for step in self._steps:
            try:
                arguments = step.arguments(request, draft, body, results)
            except ValidationError as error:
                if (count := error.error_count()) > MAX_FAULTS:
                    raise ManyFaultsError(count) from None
                raise InvalidRequestError from error
            results.append(await step.call(**arguments))
        result = results[-1]
        if isinstance(result, Response):
            return result
        # Validated, as FastAPI does: what the model does not name is left out.
        content = self._write(self._validate(result, from_attributes=True), by_alias=True)
        response = Response(content, draft.status_code or self._status or 200, media_type="application/json")
        response.raw_headers.extend(draft.raw_headers)
        return response


def _is_plain(route: APIRoute) -> bool:
    """Tell whether a route leaves its response as the model describes it."""
    options = (
        route.response_model_include,
        route.response_model_exclude,
        route.response_model_exclude_unset,
        route.response_model_exclude_defaults,
        route.response_model_exclude_none,
    )
    # One model of a body is the body itself; several are its members.
    return not any(options) and route.response_model_by_alias and len(route.dependant.body_params) <= 1


def _add_steps(dependant: Dependant, steps: list[Step], places: dict[Any, int]) -> int:
    """Add the steps of a dependency, after those that it depends on, and return the place of its result."""
    call = dependant.call
    if call in places:
        return places[call]
    if call is None or not inspect.iscoroutinefunction(call) or _has_more(dependant):
        raise UnsupportedError
    dependencies = [(each.name, _add_steps(each, steps, places)) for each in dependant.dependencies]
    body = None
    if dependant.body_params:
        # Of a dependency, or of several models, FastAPI makes one body.
        if dependant.name is not None:
            raise UnsupportedError
        field: Any = dependant.body_params[0]
        if getattr(field.field_info, "embed", None):
            raise UnsupportedError
        body = field.name, _validator(field.field_info)
    steps.append(
        Step(
            call,
            tuple((name, place) for name, place in dependencies if name is not None),
            tuple(map(Parameter, dependant.path_params)),
            tuple(map(Parameter, dependant.query_params)),
            tuple(map(Parameter, dependant.header_params)),
            dependant.request_param_name,
            dependant.response_param_name,
            body,
        )
    )
    return places.setdefault(call, len(steps) - 1)


def _has_more(dependant: Dependant) -> bool:
    return bool(
        dependant.cookie_params
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or not dependant.use_cache
    )


def _validator(info: Any) -> Callable[[Any], Any]:
    kind: Any = Annotated[info.annotation, info]  # pyright: ignore[reportInvalidTypeForm] known at run time only
    return TypeAdapter(kind).validator.validate_python


def _is_list(annotation: Any) -> bool:
    """Tell whether a parameter may be repeated.

    Raises:
        UnsupportedError: it is a model, or only sometimes a list.
    """
    if get_origin(annotation) is list:
        return True
    parts = (annotation, *get_args(annotation))
    if any(get_origin(part) is not None and get_origin(part) in (list, set, tuple, dict) for part in parts):
        raise UnsupportedError
    if any(isinstance(part, type) and issubclass(part, BaseModel) for part in parts):
        raise UnsupportedError
    return False


def _is_constant(value: Any) -> bool:
    return value is None or isinstance(value, str | int | bool | Enum)


def replayed(body: bytes, receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> Callable[[], Awaitable[Any]]:
    """Return a `receive` that gives a body that was read already, and then what comes after it."""
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Mapping[str, Any]:
        return parts.pop() if parts else await receive()

    return again
