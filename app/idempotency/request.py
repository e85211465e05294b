"""Once: the FastAPI dependency that does the work of a POST at most once for each Idempotency-Key."""

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
from app.idempotency.stored_responses import Answer, Place, find_answer, keep_answer
from app.tenancy.access import Gate
from prisma import Prisma

REPLAYED = "Idempotent-Replayed"
SHOWN_ONCE = "It was shown once, in the first answer to this Idempotency-Key, and is not stored."


@dataclass(frozen=True, slots=True)
class Done:
    """What work gives: the body (what pydantic can write as JSON, or None), its status and headers.

    `replay` is the body for those who ask again, where the first holds a secret; it alone is stored then.
    """

    body: Any
    status: HTTPStatus = HTTPStatus.CREATED
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    replay: Any = None


@dataclass(frozen=True, slots=True)
class Once:
    """One request. Without a `key` its work is done each time that it is sent."""

    caller: str
    key: str | None
    fingerprint: str

    async def run(
        self, gate: Gate, work: Callable[[Prisma], Awaitable[Done]], *, sleep: Sleep = asyncio.sleep
    ) -> Response:
        """Return the answer of `work`, run by the gate, or the one that it had before.

        The answer is kept in the transaction of the work: either both are there or none, whatever dies when. So, with a
        key, work whose outcome is unknown is tried again. A refusal undoes the transaction and is not kept.

        Raises:
            ProblemError: 409, the first request with this key is under way; 422, it asked for something else.
        """
        if self.key is None:
            return _response(_answer(await gate.run(work, sleep=sleep)))
        place = Place(self.caller, gate.user_id or "", self.key)

        async def attempt(tx: Prisma) -> Response:
            before = await find_answer(tx, place, self.fingerprint)
            if before is not None:
                return _response(before, {REPLAYED: "true"})
            done = await work(tx)
            kept = done if done.replay is None else replace(done, body=done.replay)
            await keep_answer(tx, place, self.fingerprint, _answer(kept))
            return _response(_answer(done))

        return await gate.run(attempt, repeatable=True, sleep=sleep)


async def once(
    request: Request,
    caller: CurrentCaller,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="A text of one's own choice; the same request with the same key is done once in 24 hours.",
        ),
    ] = None,
) -> Once:
    """Return what a request says about being done once.

    Raises:
        ProblemError: 400, the key is malformed; 501, this service can't keep keys.
    """
    if key is None:
        return Once(caller.user_id, None, "")
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "invalid_idempotency_key", "There are two Idempotency-Keys.")
    parsed = parse_key(key)
    if not request.state.keeps_answers:
        raise _OFF
    found = fingerprint(request.method, request.url.path, request.scope["query_string"], await request.body())
    return Once(caller.user_id, parsed, found)


def _answer(done: Done) -> Answer:
    return Answer(int(done.status), "" if done.body is None else to_json(done.body).decode(), done.headers)


def _response(answer: Answer, more: Mapping[str, str] | None = None) -> Response:
    return Response(
        answer.body,
        answer.status,
        headers={**answer.headers, **(more or {})},
        media_type="application/json" if answer.body else None,
    )


# Doing the work without keeping the key would break the promise that the caller relies on.
_OFF = ProblemError(
    HTTPStatus.NOT_IMPLEMENTED,
    "idempotency_off",
    "This service can't keep Idempotency-Keys: send the request without one, and look before sending it again.",
)

ONCE_RESPONSES = problem_responses(
    HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_IMPLEMENTED
)
DoneOnce = Annotated[Once, Depends(once)]
