"""Rate limits as middleware: every request is counted before anything works for it, every answer says what is left."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from app.auth.authentication import recognise
from app.errors import ProblemError, data_answer, problem_answer
from app.metrics import LIMITER_DECISIONS
from app.ratelimits.address import caller_address
from app.ratelimits.headers import limit_headers
from app.ratelimits.limiter import Limit, check
from app.ratelimits.tiers import HOUR, MINUTE, Tier, tier_of
from prisma.errors import DataError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.ratelimits.limiter import Decision
    from app.ratelimits.policy import Policy

KEY = "key"  # the `endpoint` of the rows that count what API keys do


class RateLimits:
    """Counts requests and refuses those beyond a limit with 429."""

    def __init__(self, app: ASGIApp, *, policy: Policy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tier = tier_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if tier is None or not self._policy.enabled:
            await self._app(scope, receive, send)
            return
        try:
            decision = await self._decide(scope, tier)
        except DataError as error:
            answer = await data_answer(Request(scope), error)
            await answer(scope, receive, send)
            return
        if decision is None:
            await self._app(scope, receive, send)
            return
        with_headers = _adding(limit_headers(decision), send)
        if decision.allowed:
            await self._app(scope, receive, with_headers)
        else:
            await problem_answer(_BLOCKED if decision.blocked else _LIMITED)(scope, receive, with_headers)

    async def _decide(self, scope: Scope, tier: Tier) -> Decision | None:
        """Return whether the request may pass; None when nobody limits this caller."""
        request, db = Request(scope), scope["state"]["db"]
        peer = request.client.host if request.client else None
        address = caller_address(peer, request.headers.getlist("x-forwarded-for"), self._policy.proxies)
        known = await recognise(request)
        caller = known.caller
        identifier = f"user:{caller.user_id}" if caller else f"ip:{address}"
        if self._policy.spares(identifier, address):
            LIMITER_DECISIONS.labels("spared").inc()
            return None
        # Who guesses credentials is signing in, whatever the route.
        tier = Tier.AUTH if known.refused else tier
        limits = [Limit(identifier, tier, self._policy.quotas[tier], MINUTE)]
        if caller is not None and caller.key_id is not None:
            limits.append(Limit(f"key:{caller.key_id}", KEY, caller.hourly_limit or 0, HOUR))
        return await check(db, identifier, limits)


def _adding(headers: dict[str, str], send: Send) -> Send:
    """Return a `send` that adds `headers` to the answer."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return with_headers


_LIMITED = ProblemError(
    HTTPStatus.TOO_MANY_REQUESTS, "rate_limited", "Too many requests; Retry-After says when to come back."
)
_BLOCKED = ProblemError(
    HTTPStatus.TOO_MANY_REQUESTS, "blocked", "Too many requests beyond the limits; no more are answered for 24 hours."
)
