"""The FastAPI dependency that does the work of a POST at most once for each Idempotency-Key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic_core import to_json

from app.auth.authentication import CurrentCaller
from app.database.retry import Sleep
from app.http.problems import ProblemError, problem_responses
from app.idempotency.key import fingerprint, parse_key
from app.idempotency.stored_responses import (
    CLAIMED,
    ResponseId,
    StoredResponse,
    claim,
    find_response,
    is_claimed,
    store_response,
)
from app.telemetry.expected_failures import expecting
from app.tenancy.access import Access
from prisma import Prisma
from prisma.errors import DataError

REPLAYED = "Idempotent-Replayed"
SHOWN_ONCE = "It was shown once, in the first answer to this Idempotency-Key, and is not stored."


@dataclass(frozen=True, slots=True)
class WorkResult:
    """The result of a request's work: the body (a value that pydantic can write as JSON, or None), status and headers.

    If the body holds a secret, `replay` is the body that is stored and sent to repeated requests instead.
    """

    body: Any
    status: HTTPStatus = HTTPStatus.CREATED
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    replay: Any = None


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """One request. Without a `key` its work is done each time that the request is sent."""

    caller: str
    key: str | None
    fingerprint: str

    async def run(
        self, access: Access, work: Callable[[Prisma], Awaitable[WorkResult]], *, sleep: Sleep = asyncio.sleep
    ) -> Response:
        """Return the response to `work`, which runs in a transaction of `access`, or the stored response.

        The response is stored in the transaction of the work, so both happen or none. With a key, work whose outcome is
        unknown is therefore tried again. A refusal rolls the transaction back and is not stored. The claim of the key
        travels with the first query of the work, which should come before everything else.

        Raises:
            ProblemError: 409, the first request with this key is under way; 422, it was another request.
        """
        if self.key is None:
            return _response(_stored(await access.run(work, sleep=sleep)))
        id = ResponseId(self.caller, access.user_id or "", self.key)

        async def attempt(tx: Prisma) -> tuple[Response, StoredResponse | None]:
            result = await work(tx)
            stored = _stored(result)
            kept = stored if result.replay is None else _stored(replace(result, body=result.replay))
            return _response(stored), kept

        async def after_a_look(tx: Prisma) -> tuple[Response, StoredResponse | None]:
            before = await find_response(tx, id, self.fingerprint)
            return await attempt(tx) if before is None else (_response(before, {REPLAYED: "true"}), None)

        def storing(outcome: tuple[Response, StoredResponse | None]) -> Callable[[Prisma], Awaitable[None]] | None:
            kept = outcome[1]
            return None if kept is None else lambda tx: store_response(tx, id, self.fingerprint, kept)

        try:
            # An answer that was stored is no failure to those who read the log.
            with expecting(CLAIMED):
                response, _ = await access.run(attempt, repeatable=True, first=claim(id), last=storing, sleep=sleep)
        except (DataError, ProblemError) as error:
            if not is_claimed(error):
                raise
            # Seldom, so only now is asked by whom. If it was an error of the work, the work has it again.
            response, _ = await access.run(after_a_look, repeatable=True, last=storing, sleep=sleep)
        return response


async def idempotent_request(
    request: Request,
    caller: CurrentCaller,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="A text of one's own choice; the same request with the same key is done once in 24 hours.",
        ),
    ] = None,
) -> IdempotentRequest:
    """Return the request with its Idempotency-Key, if it has one.

    Raises:
        ProblemError: 400, the key is malformed; 501, this service can't store keys.
    """
    if key is None:
        return IdempotentRequest(caller.user_id, None, "")
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "invalid_idempotency_key", "There are two Idempotency-Keys.")
    parsed = parse_key(key)
    if not request.scope["state"]["stores_responses"]:
        raise _OFF
    # Not the URL's: Python drops tabs and line breaks from it, which may be parts of an id.
    found = fingerprint(request.method, request.scope["path"], request.scope["query_string"], await request.body())
    return IdempotentRequest(caller.user_id, parsed, found)


def _stored(result: WorkResult) -> StoredResponse:
    return StoredResponse(
        int(result.status), "" if result.body is None else to_json(result.body).decode(), result.headers
    )


def _response(stored: StoredResponse, more: Mapping[str, str] | None = None) -> Response:
    return Response(
        stored.body,
        stored.status,
        headers={**stored.headers, **(more or {})},
        media_type="application/json" if stored.body else None,
    )


# Without a stored key, a repeated request would do the work again, which the caller wants to avoid.
_OFF = ProblemError(
    HTTPStatus.NOT_IMPLEMENTED,
    "idempotency_off",
    "This service can't keep Idempotency-Keys: send the request without one, and look before sending it again.",
)

IDEMPOTENCY_RESPONSES = problem_responses(
    HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_IMPLEMENTED
)
Idempotency = Annotated[IdempotentRequest, Depends(idempotent_request)]
