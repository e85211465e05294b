"""Who may talk to Studio: the browser of the user who started it, and no page but Studio's own.

Other users of the machine reach its loopback, too, and so does every page in the user's browser. A caller needs the
token of the printed address, which is swapped for a cookie. `Host` and `Origin` must be Studio's own: a foreign name
that is made to point at 127.0.0.1 (DNS rebinding) has another `Host`, and another page has another `Origin`.
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs, urlencode

HOST: Final = "127.0.0.1"
"""The address that Studio listens on; it can't be told another."""
NAMES: Final = (HOST, "localhost")
"""What a browser may call it."""
_PARAMETER: Final = "token"
_BYTES: Final = 32
_USUAL_PORT: Final = 80


class Access:
    """The secrets of one Studio; `port` is part of the cookie's name, because cookies are shared by all ports."""

    def __init__(self, port: int) -> None:
        # A browser leaves the usual port out.
        ports = (f":{port}", "") if port == _USUAL_PORT else (f":{port}",)
        self._hosts = frozenset(f"{name}{each}" for name in NAMES for each in ports)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self._address = f"http://{HOST}:{port}/"
        self._cookie_name = f"prisma_studio_{port}"
        self._cookie = secrets.token_urlsafe(_BYTES)
        self._token = secrets.token_urlsafe(_BYTES)
        self._once: set[str] = set()

    @property
    def address(self) -> str:
        """The address for the user, who may open it as often as he likes."""
        return self._with_token(self._token)

    def address_once(self) -> str:
        """Return an address that works once: for a browser's command line, which other users can read."""
        token = secrets.token_urlsafe(_BYTES)
        self._once.add(token)
        return self._with_token(token)

    def is_own(self, host: str | None, origin: str | None) -> bool:
        """Tell whether a request is meant for Studio and comes from no other page."""
        return host in self._hosts and (origin is None or origin in self._origins)

    def accepts_token(self, query: str) -> bool:
        """Tell whether the query of an address holds a token that is still good."""
        given = parse_qs(query).get(_PARAMETER, [""])[-1].encode()
        for token in tuple(self._once):
            if secrets.compare_digest(token.encode(), given):
                try:
                    self._once.remove(token)
                except KeyError:
                    break  # another request was faster
                return True
        return secrets.compare_digest(self._token.encode(), given)

    def accepts_cookie(self, header: str | None) -> bool:
        """Tell whether the header `Cookie` holds Studio's."""
        try:
            cookie = SimpleCookie(header or "").get(self._cookie_name)
        except CookieError:
            return False
        return cookie is not None and secrets.compare_digest(cookie.value.encode(), self._cookie.encode())

    @property
    def set_cookie(self) -> str:
        """The header `Set-Cookie`: scripts can't read the cookie, and pages of other sites can't have it sent."""
        return f"{self._cookie_name}={self._cookie}; HttpOnly; SameSite=Strict; Path=/"

    def _with_token(self, token: str) -> str:
        return f"{self._address}?{urlencode({_PARAMETER: token})}"
