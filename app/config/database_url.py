"""The parts of a database URL that the service checks and shows; the driver reads the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

SCHEMES = frozenset({"postgresql", "postgres"})
DEFAULT_PORT = 5432
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class DatabaseUrlError(ValueError):
    """The text is not the URL of a PostgreSQL database; the message is a clause with the reason, without the URL."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """The parts of the URL of a database.

    `host` is a name, an address, or the folder of a Unix socket; `parameters` are those of the query.
    """

    user: str
    host: str
    port: int
    database: str
    password: str | None = field(default=None, repr=False)
    parameters: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return self.host in _LOCAL_HOSTS or self.host.startswith("/")

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
        if self.host.startswith("/"):
            place, parameters = "localhost", {**self.parameters, "host": self.host}
        else:
            place, parameters = f"[{self.host}]" if ":" in self.host else self.host, self.parameters
        port = "" if self.host.startswith("/") and self.port == DEFAULT_PORT else f":{self.port}"
        query = urlencode(parameters, quote_via=quote, safe="*")
        return f"postgresql://{login}@{place}{port}/{quote(self.database, safe='')}{'?' if query else ''}{query}"


def parse_database_url(text: str) -> DatabaseUrl:
    """Return the parts of a URL.

    Raises:
        DatabaseUrlError: it is not a PostgreSQL URL, or lacks the user, the host or the database.
    """
    parts = _split(text)
    parameters = dict(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True))
    host = parameters.pop("host", None) or unquote(parts.hostname or "")
    database = unquote(parts.path.removeprefix("/"))
    for name, value in (("user", parts.username), ("host", host), ("database", database)):
        if not value:
            raise DatabaseUrlError(f"it names no {name}")
    return DatabaseUrl(
        user=unquote(parts.username or ""),
        host=host,
        port=_port(parts),
        database=database,
        password=unquote(parts.password) if parts.password is not None else None,
        parameters=parameters,
    )


def _split(text: str) -> SplitResult:
    if text.partition("://")[0] not in SCHEMES:
        raise DatabaseUrlError("it does not start with postgresql:// or postgres://")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise DatabaseUrlError("its host is malformed") from None
    # After such a mistake, the rest of the text is a piece of the password.
    if "#" in text or ("@" not in parts.netloc and "@" in text):
        raise DatabaseUrlError(
            "its user or password holds a character that must be percent-encoded (/ as %2F, ? as %3F, # as %23)"
        )
    return parts


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or DEFAULT_PORT
    except ValueError:
        # From None: the original message quotes the text, which may be a piece of the password.
        raise DatabaseUrlError(
            "its port is not a number from 1 to 65535; a : / ? # or @ in the password must be percent-encoded"
        ) from None
