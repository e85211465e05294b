"""The parts of a database URL that the service checks and shows; the driver reads the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode

SCHEMES = frozenset({"postgresql", "postgres"})
DEFAULT_PORT = 5432
MAX_PORT = 65535
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_PLACE = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?", re.DOTALL)


class DatabaseUrlError(ValueError):
    """The text is not the URL of a PostgreSQL database; the message is a clause with the reason, without the URL."""


class Place(NamedTuple):
    """Where a server listens; `host` is a name, an address, or the folder of a Unix socket."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return self.host.lower() in _LOCAL_HOSTS or self.is_socket

    @property
    def is_socket(self) -> bool:
        """Whether it listens on a Unix socket."""
        return self.host.startswith("/")

    def text(self) -> str:
        """Return it as the part of a URL, where a socket's folder can't stand."""
        host = "localhost" if self.is_socket else f"[{self.host}]" if ":" in self.host else self.host
        return host if self.is_socket and self.port == DEFAULT_PORT else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """The parts of the URL of a database.

    `host` is a name, an address, or the folder of a Unix socket; `parameters` are those of the query. `others` are
    further servers of the same database, of which the driver takes the first that suits.
    """

    user: str
    host: str
    port: int
    database: str
    password: str | None = field(default=None, repr=False)
    parameters: dict[str, str] = field(default_factory=dict[str, str])
    others: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """The servers, in the order of the URL."""
        return (Place(self.host, self.port), *self.others)

    def with_parameter(self, name: str, value: str) -> DatabaseUrl:
        """Return the same URL with one parameter set."""
        return replace(self, parameters={**self.parameters, name: value})

    def text(self) -> str:
        """Return the URL, with the password."""
        return self._text(self.password and quote(self.password, safe=""))

    def redacted(self) -> str:
        """Return the URL for logs: without the password and without values of parameters that are secret."""
        shown = {name: "***" if "password" in name else value for name, value in self.parameters.items()}
        return replace(self, parameters=shown)._text(self.password and "***")

    def _text(self, password: str | None) -> str:
        login = quote(self.user, safe="") + (f":{password}" if password else "")
        places, parameters = self.places, self.parameters
        if any(place.is_socket for place in places):
            parameters = {**parameters, "host": ",".join(place.host for place in places)}
        netloc = ",".join(place.text() for place in places)
        query = urlencode(parameters, quote_via=quote, safe="*")
        return f"postgresql://{login}@{netloc}/{quote(self.database, safe='')}{'?' if query else ''}{query}"


def parse_database_url(text: str) -> DatabaseUrl:
    """Return the parts of a URL.

    Raises:
        DatabaseUrlError: it is not a PostgreSQL URL, or lacks the user, a host or the database.
    """
    parts = _split(text)
    parameters = dict(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True))
    first, *others = _places(parts.netloc.rpartition("@")[2], parameters)
    database = unquote(parts.path.removeprefix("/"))
    hosts = all(place.host for place in (first, *others))
    for name, value in (("user", parts.username), ("host", hosts), ("database", database)):
        if not value:
            raise DatabaseUrlError(f"it names no {name}")
    return DatabaseUrl(
        user=unquote(parts.username or ""),
        host=first.host,
        port=first.port,
        database=database,
        password=unquote(parts.password) if parts.password is not None else None,
        parameters=parameters,
        others=tuple(others),
    )


def _split(text: str) -> SplitResult:
    if text.partition("://")[0] not in SCHEMES:
        raise DatabaseUrlError("it does not start with postgresql:// or postgres://")
    # As urlsplit() does it, which takes several hosts with brackets for a mistake.
    scheme, _, rest = re.sub(r"[\t\r\n]", "", text).partition("://")
    rest, _, query = rest.partition("?")
    netloc, slash, path = rest.partition("/")
    # After such a mistake, the rest of the text is a piece of the password.
    if "#" in text or ("@" not in netloc and "@" in text):
        raise DatabaseUrlError(
            "its user or password holds a character that must be percent-encoded (/ as %2F, ? as %3F, # as %23)"
        )
    return SplitResult(scheme, netloc, slash + path, query, "")


def _places(netloc: str, parameters: dict[str, str]) -> list[Place]:
    """Return the servers; the parameters `host` and `port`, which are taken out, win over the place before the path."""
    named = [_host_and_port(word) for word in netloc.split(",")]
    hosts, ports = [host for host, _ in named], [port for _, port in named]
    if given := parameters.pop("host", None):
        hosts = given.split(",")
    if given := parameters.pop("port", None):
        ports = [_port(word) for word in given.split(",")]
    if len(ports) == 1:
        ports *= len(hosts)
    if len(ports) != len(hosts):
        raise DatabaseUrlError(f"it names {len(ports)} ports for {len(hosts)} hosts")
    return [Place(host, port) for host, port in zip(hosts, ports, strict=True)]


def _host_and_port(word: str) -> tuple[str, int]:
    match = _PLACE.fullmatch(word)
    if match is None:
        raise DatabaseUrlError("its host is malformed")
    return unquote(match[1].strip("[]")), _port(match[2] or "")


def _port(word: str) -> int:
    if not word:
        return DEFAULT_PORT
    if not (word.isascii() and word.isdigit()) or not 0 < int(word) <= MAX_PORT:
        # Without the text, which may be a piece of the password.
        raise DatabaseUrlError(
            "its port is not a number from 1 to 65535; a : / ? # or @ in the password must be percent-encoded"
        )
    return int(word)
