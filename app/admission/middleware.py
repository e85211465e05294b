"""The middleware that identifies the caller and counts each request before any other work.

A body is read only after that. Every answer tells the caller what remains of its limits.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import Request

from app.admission.admit import admit
from app.admission.statement import Counting
from app.auth.authentication import ADMISSION, UnauthorizedError
from app.auth.credentials import credentials_of
from app.auth.origin import check_origin, origin_of
from app.http.default_headers import add_headers
from app.http.problems import ProblemError, data_answer, problem_answer
from app.paths import API
from app.ratelimits.caller_address import caller_address, identifier_of
from app.ratelimits.headers import limit_headers
from app.ratelimits.tiers import GROWING, Tier, is_revoking, tier_of
from app.request_headers import headers_of
from app.telemetry.access_log import set_caller
from prisma.errors import DataError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.admission.admit import Admission
    from app.config.rate_limits import Policy
    from app.ratelimits.limiter import Decision


log = logging.getLogger(__name__)


class AdmissionMiddleware:
    """ASGI middleware that refuses requests beyond a limit, of unknown callers, and of other sites' pages.

    `web` is the address of the web application, whose pages may call the API with the session's cookie.
    """

    def __init__(self, app: ASGIApp, *, policy: Policy, web: str | None, in_production: bool) -> None:
        self._app = app
        self._policy = policy
        self._exempt = sorted(policy.identifiers)
        self._in_production = in_production
        self._warned = False
        self._web = None if web is None else origin_of(web)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tier = tier_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if tier is None:
            await self._app(scope, receive, send)
            return
        try:
            admission = await self._admit(scope, tier)
        except DataError as error:
            answer = await data_answer(Request(scope), error)
            await answer(scope, receive, send)
            return
        scope["state"][ADMISSION] = admission
        if admission.decision is not None:
            add_headers(scope, limit_headers(admission.decision))
        try:
            self._check(scope, admission)
        except ProblemError as error:
            await problem_answer(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope, tier: Tier) -> Admission:
        """Return the admission of a request; it is counted unless the policy exempts its address."""
        policy, headers = self._policy, headers_of(scope)
        # The address and the port; a Unix socket has none.
        peer = scope["client"][0] if scope.get("client") else None
        address = caller_address(peer, headers.getlist("x-forwarded-for"), policy.proxies)
        counting = None
        if policy.enabled and policy.exempts(address):
            self._warn_once(address)
        elif policy.enabled:
            counting = Counting(
                identifier_of(address),
                self._exempt,
                tier,
                policy.quotas[tier],
                policy.quotas[Tier.AUTH],
                grows=tier in GROWING,
                revoking=is_revoking(scope["method"], scope["path"]),
            )
        admission = await admit(scope["state"]["db"], credentials_of(headers), counting)
        if admission.caller is not None:
            set_caller(admission.caller.user_id)
        return admission

    def _warn_once(self, address: str) -> None:
        """Warn if a proxy on this machine hides the addresses of the callers, because then no caller is limited."""
        if self._in_production and not self._policy.proxies and not self._warned:
            self._warned = True
            log.warning(
                "A request from %s is not limited, as RATE_LIMIT_WHITELIST says. If a proxy passed it on, nobody is "
                "limited: set TRUSTED_PROXIES to the number of your proxies.",
                address,
            )

    def _check(self, scope: Scope, admission: Admission) -> None:
        if admission.decision is not None and not admission.decision.allowed:
            raise _beyond(admission.decision)
        if not scope["path"].startswith(f"{API}/"):
            return
        if admission.caller is None:
            raise UnauthorizedError
        if admission.by_cookie:
            check_origin(scope["method"], headers_of(scope), self._web)


def _beyond(decision: Decision) -> ProblemError:
    if decision.block is not None:
        return _BLOCKED
    limit = max(decision.exceeded, key=lambda usage: usage.reset).limit
    return ProblemError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "rate_limited",
        f"The limit `{limit.endpoint}` is {limit.quota} requests in {limit.window} seconds; Retry-After says when to "
        "come back.",
    )


_BLOCKED = ProblemError(
    HTTPStatus.TOO_MANY_REQUESTS, "blocked", "Too many requests beyond the limits; no more are answered for 24 hours."
)
