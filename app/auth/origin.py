"""Origins: a check against requests that pages of other sites make with a session's cookie (CSRF)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from app.http.problems import ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What browsers say of a request that a page of this very origin made, or its user by hand.
_OWN = frozenset({"same-origin", "none"})


def origin_of(address: str) -> str:
    """Return the origin of an address: `https://example.com:8443/path` → `https://example.com:8443`."""
    scheme, _, rest = address.lower().partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def check_origin(request: Request, web: str | None) -> None:
    """Refuse a request that changes something unless a page of this service, or of the origin `web`, made it.

    Browsers say it by `Origin`, or by `Sec-Fetch-Site`, which no page can set.

    Raises:
        ProblemError: 403.
    """
    if request.method in _SAFE:
        return
    origin = request.headers.get("origin")
    if origin is None:
        fits = request.headers.get("sec-fetch-site") in _OWN
    else:
        # The host only: behind a proxy the service does not know which scheme its callers use.
        fits = origin.lower() == web or origin.lower().partition("://")[2] == request.headers.get("host", "").lower()
    if not fits:
        raise _FOREIGN


_FOREIGN = ProblemError(
    HTTPStatus.FORBIDDEN,
    "foreign_origin",
    "With a session's cookie, changes are taken from pages of this service and of the web application only. Programs "
    "send the session's token as a bearer token.",
)
