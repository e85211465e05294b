"""Additions to the OpenAPI document: how to sign in, and the refusals that come before a route."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from app.auth.credentials import SCHEMES
from app.http.problems import MEDIA_TYPE
from app.http.request_checks.body import MAX_BODY
from app.ratelimits.tiers import tier_of

if TYPE_CHECKING:
    from fastapi import FastAPI

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_TEXT = {"schema": {"type": "string"}}
_LIMITS = {
    "RateLimit": {"description": "What is left of each limit: `r` requests for `t` seconds.", **_TEXT},
    "RateLimit-Policy": {"description": "The limits that hold: `q` requests in `w` seconds.", **_TEXT},
}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def describe_refusals(app: FastAPI) -> None:
    """Describe in the OpenAPI document of `app` how to sign in, and the refusals that come before a route."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        document = describe()
        document["components"]["securitySchemes"] = SCHEMES
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _describe(path, method.upper(), operation)
        return document

    app.openapi = openapi


def _describe(path: str, method: str, operation: dict[str, Any]) -> None:
    answers: dict[str, Any] = operation["responses"]
    limited = tier_of(method, path) is not None
    if str(int(HTTPStatus.UNAUTHORIZED)) in answers:
        operation["security"] = [{name: []} for name in SCHEMES]
    refusals = {HTTPStatus.BAD_REQUEST: "The address or the body is not sound."}
    if "requestBody" in operation:
        refusals[HTTPStatus.REQUEST_ENTITY_TOO_LARGE] = f"The body has more than {MAX_BODY} bytes."
        refusals[HTTPStatus.UNSUPPORTED_MEDIA_TYPE] = "The body is not said to be JSON."
    if limited:
        refusals[HTTPStatus.TOO_MANY_REQUESTS] = "Too many requests."
        refusals[HTTPStatus.SERVICE_UNAVAILABLE] = "The database can't be reached, or has too much to do."
    for status, reason in refusals.items():
        answers.setdefault(str(int(status)), {"description": reason, "content": _PROBLEM})
    for status, answer in answers.items():
        # Every response to a limited caller has the remaining requests.
        headers = {**(_LIMITS if limited else {}), **(_RETRY if status in ("429", "503") and limited else {})}
        if headers:
            answer["headers"] = {**answer.get("headers", {}), **headers}
    operation["responses"] = dict(sorted(answers.items()))
