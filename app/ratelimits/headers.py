"""The response headers RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ratelimits.limiter import ABUSE, VIOLATIONS, VIOLATIONS_WINDOW

if TYPE_CHECKING:
    from app.ratelimits.limiter import Decision


def limit_headers(decision: Decision) -> dict[str, str]:
    """Return the headers: quota `q` per `w` seconds for each limit, and what remains: `r` for `t` seconds.

    There are none for a request that was not counted.
    """
    policies = [f'"{u.limit.endpoint}";q={u.limit.quota};w={u.limit.window}' for u in decision.usages]
    states = [f'"{u.limit.endpoint}";r={u.remaining};t={u.reset}' for u in decision.usages]
    if decision.block is not None:
        policies.append(f'"{ABUSE}";q={VIOLATIONS};w={VIOLATIONS_WINDOW}')
        states.append(f'"{ABUSE}";r=0;t={decision.block}')
    headers = {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)} if policies else {}
    return headers if decision.allowed else {**headers, "Retry-After": str(decision.retry_after)}
