"""The error responses: only this module turns an error into JSON (problem details, RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.database.retry import WRITE_CONFLICT, UnknownOutcomeError
from app.telemetry.access_log import CLIENT_GONE, route_of
from prisma.errors import (
    DataError,
    ForeignKeyViolationError,
    TableNotFoundError,
    TransactionError,
    UniqueViolationError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fastapi import FastAPI, Request

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# SQLSTATEs
INSUFFICIENT_PRIVILEGE = "42501"  # also of a row that row-level security refuses
UNDEFINED_TABLE = "42P01"
MAX_FAULTS = 100  # of a request that are told; a mebibyte has room for 100,000, which take seconds to describe
RETRY_AFTER = "5"  # seconds; a database that restarts is back by then


class FieldProblem(BaseModel):
    """The fault in one part of a request."""

    field: str
    message: str


class Problem(BaseModel):
    """The body of every answer that reports an error."""

    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] | None = None


class ProblemError(Exception):
    """A refusal: its status and its message. `code` is a word for programs and never changes."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        errors: list[FieldProblem] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers


class NotFoundError(ProblemError):
    """404: there is no such record."""

    def __init__(self, noun: str, id: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, f"{noun}_not_found", f"There is no {noun} with the id {id}.")


class AlreadyExistsError(ProblemError):
    """409: another record has these values, which must be unique."""

    def __init__(self, fields: Iterable[str]) -> None:
        taken = [FieldProblem(field=name, message="exists already") for name in fields]
        detail = "Another record has this value, which must be unique."
        super().__init__(HTTPStatus.CONFLICT, "already_exists", detail, taken or None)


class InvalidFieldError(ProblemError):
    """422: one field of a request does not fit the stored record."""

    def __init__(self, field: str, message: str) -> None:
        fields = [FieldProblem(field=field, message=message)]
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", message, fields)


class ManyFaultsError(ProblemError):
    """422: a request has more faults than anybody would read."""

    def __init__(self, count: int) -> None:
        super().__init__(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", f"The request is not valid: it has {count} faults."
        )


class PreconditionFailedError(ProblemError):
    """412: the record is another version than the one that the request is for."""

    def __init__(self, noun: str) -> None:
        super().__init__(
            HTTPStatus.PRECONDITION_FAILED, "changed_meanwhile", f"The {noun} was changed meanwhile: read it again."
        )


class NotModifiedError(Exception):
    """304: the caller has this version already. It has no body, so it is no problem."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the description in OpenAPI of responses with these statuses."""
    return {int(s): {"description": s.phrase, "model": Problem, "content": {MEDIA_TYPE: {}}} for s in statuses}


# The error responses of every route that needs a known caller; 400 is for bodies that can't be read at all.
TENANT_RESPONSES = problem_responses(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


def install_error_handlers(app: FastAPI) -> None:
    """Make `app` answer every error with a problem, and say so in its OpenAPI document."""
    app.openapi = _with_media_type(app.openapi)
    app.add_exception_handler(ProblemError, _refused)
    app.add_exception_handler(NotModifiedError, _not_modified)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, data_answer)
    app.add_exception_handler(TransactionError, _transaction)
    app.add_exception_handler(UnknownOutcomeError, _unknown_outcome)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)


def _with_media_type(describe: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Return `describe` with the schema of problems under their media type; FastAPI knows one type for each route."""

    def openapi() -> dict[str, Any]:
        document = describe()
        for operation in (operation for path in document["paths"].values() for operation in path.values()):
            for response in operation["responses"].values():
                content = response.get("content", {})
                if MEDIA_TYPE in content and "application/json" in content:
                    content[MEDIA_TYPE] = content.pop("application/json")
        return document

    return openapi


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101 the handler is registered for it
    return _answer(error, error.headers)


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModifiedError)  # noqa: S101
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": error.tag})


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    # Without the input, which may be a secret.
    fields = [FieldProblem(field=".".join(map(str, e["loc"])), message=e["msg"]) for e in error.errors()]
    return _answer(
        ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", "The request is not valid.", fields)
    )


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    return _answer(ProblemError(status, status.name.lower(), str(error.detail)), error.headers)


async def data_answer(request: Request, error: Exception) -> JSONResponse:
    """Return the response for an error of the database."""
    assert isinstance(error, DataError)  # noqa: S101
    if isinstance(error, UniqueViolationError):
        return _answer(AlreadyExistsError(error.meta.get("target") or ()))
    if isinstance(error, ForeignKeyViolationError):
        return _answer(ProblemError(HTTPStatus.CONFLICT, "related_record", "A related record is missing or in use."))
    if _sqlstate(error) == INSUFFICIENT_PRIVILEGE:
        # A query lacked a condition, and the database refused it: nothing happened, but the query must be corrected.
        log.error("%s %s: %s", request.method, route_of(request.scope), error)
        return _answer(_FORBIDDEN)
    if error.retriable or error.code == WRITE_CONFLICT:
        log.warning("%s %s: %s", request.method, route_of(request.scope), error)
        return _answer(_UNAVAILABLE, {"Retry-After": RETRY_AFTER})
    if isinstance(error, TableNotFoundError) or _sqlstate(error) == UNDEFINED_TABLE:
        log.error("A table is missing. Apply the migrations: prisma migrate deploy. %s", error)
        return _answer(_NOT_MIGRATED)
    return await _unexpected(request, error)


async def _gone(_: Request, error: Exception) -> Response:
    # The caller disconnected before the end of the body: only the log sees the status of this response.
    return Response(status_code=CLIENT_GONE)


async def _transaction(request: Request, error: Exception) -> JSONResponse:
    # No connection was free in time, or the work took too long and was rolled back: the database is overloaded.
    log.warning("%s %s: %s", request.method, route_of(request.scope), error)
    return _answer(_BUSY, {"Retry-After": RETRY_AFTER})


async def _unknown_outcome(_: Request, error: Exception) -> JSONResponse:
    return _answer(_OUTCOME_UNKNOWN, {"Retry-After": RETRY_AFTER})


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, route_of(request.scope), exc_info=error)
    return _answer(ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong here."))


def _sqlstate(error: DataError) -> str | None:
    return error.meta.get("code") if isinstance(error.meta, dict) else None


def problem_answer(problem: ProblemError) -> JSONResponse:
    """Return a refusal as a response, for middleware, which runs before the error handlers."""
    return _answer(problem, problem.headers)


_UNAVAILABLE = ProblemError(
    HTTPStatus.SERVICE_UNAVAILABLE, "database_unavailable", "The database can't be reached right now. Try again."
)
_FORBIDDEN = ProblemError(HTTPStatus.FORBIDDEN, "forbidden", "This concerns records that are not yours.")
_BUSY = ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "database_busy", "The database has too much to do. Try again.")
_OUTCOME_UNKNOWN = ProblemError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "outcome_unknown",
    "The connection to the database broke while the change was saved: look whether it happened.",
)
_NOT_MIGRATED = ProblemError(
    HTTPStatus.SERVICE_UNAVAILABLE, "database_not_migrated", "The database is not ready: its migrations are missing."
)


def _answer(problem: ProblemError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    body = Problem(
        title=problem.status.phrase,
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        errors=problem.errors,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), problem.status, headers=dict(headers or {}), media_type=MEDIA_TYPE
    )
