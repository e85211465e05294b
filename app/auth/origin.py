"""The check of origins, against requests that pages of other sites make with a session's cookie (CSRF)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from app.http.problems import ProblemError
from app.methods import SAFE

if TYPE_CHECKING:
    from starlette.datastructures import Headers

# Browsers send these for a request from a page of the same origin, and for an address that a user typed.
_OWN = frozenset({"same-origin", "none"})


def origin_of(address: str) -> str:
    """Return the origin of an address: `https://example.com:8443/path` → `https://example.com:8443`."""
    scheme, _, rest = address.lower().partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def check_origin(method: str, headers: Headers, web: str | None) -> None:
    """Refuse a request that changes data unless a page of this service, or of the origin `web`, made it.

    Browsers name the page by `Origin`, or by `Sec-Fetch-Site`; no page can set these headers.

    Raises:
        ProblemError: 403.
    """
    if method in SAFE:
        return
    origin = headers.get("origin")
    if origin is None:
        fits = headers.get("sec-fetch-site") in _OWN
    else:
        # Only the host is compared: behind a proxy the service does not know the scheme of its callers.
        fits = origin.lower() == web or origin.lower().partition("://")[2] == headers.get("host", "").lower()
    if not fits:
        raise _FOREIGN


_FOREIGN = ProblemError(
    HTTPStatus.FORBIDDEN,
    "foreign_origin",
    "With a session's cookie, changes are taken from pages of this service and of the web application only. Programs "
    "send the session's token as a bearer token.",
)
