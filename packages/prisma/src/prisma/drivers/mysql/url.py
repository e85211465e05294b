"""URLs of MySQL and MariaDB: `mysql://user:password@host:3306/database`, with Prisma's parameters."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final
from urllib.parse import SplitResult, unquote, urlsplit

from prisma.drivers.url_parameters import UrlParameters, cpu_count, invalid_url
from prisma.frozen import Frozen

EXAMPLE: Final = "mysql://user:password@localhost:3306/database"
DEFAULT_PORT: Final = 3306
DEFAULT_POOL_TIMEOUT: Final = 10.0  # seconds, as Prisma documents it
DEFAULT_CONNECT_TIMEOUT: Final = 5.0  # seconds, as Prisma documents it


class SslAccept(StrEnum):
    """Which certificates of the server are accepted; the values are Prisma's words."""

    ACCEPT_INVALID_CERTS = "accept_invalid_certs"
    STRICT = "strict"


class TlsFiles(Frozen):
    """Files named by the URL: `sslcert`, the authority's certificate, and `sslidentity` (PKCS#12) with its password."""

    authority: str | None = None
    identity: str | None = None
    password: str | None = None
    _hidden: ClassVar[frozenset[str]] = frozenset({"password"})


class MysqlOptions(Frozen):
    """One database and how to reach it. Times are seconds; None means without limit.

    Attributes:
        socket: the path of a Unix socket, which wins over `host`.
        schema: the name of the database, by which the compiler qualifies tables.
        wsrep_sync_wait: for which statements a node of Galera first waits until it has what the others have committed,
            as its server variable of this name says; None leaves that to the server.
    """

    user: str
    host: str
    port: int
    schema: str
    password: str = ""
    socket: str | None = None
    connection_limit: int = 1
    pool_timeout: float | None = DEFAULT_POOL_TIMEOUT
    connect_timeout: float | None = DEFAULT_CONNECT_TIMEOUT
    socket_timeout: float | None = None
    sslaccept: SslAccept | None = None
    tls_files: TlsFiles = TlsFiles()
    wsrep_sync_wait: int | None = None
    _hidden: ClassVar[frozenset[str]] = frozenset({"password"})

    @property
    def asks_for_tls(self) -> bool:
        """Whether the connection must be encrypted."""
        return self.sslaccept is not None or self.tls_files != TlsFiles()

    def connecting_within(self, limit: float | None) -> MysqlOptions:
        """Return the same options with at most `limit` seconds to connect."""
        if limit is None or (self.connect_timeout is not None and self.connect_timeout <= limit):
            return self
        return self.__replace__(connect_timeout=limit)


def parse_mysql_url(url: str) -> MysqlOptions:
    """Return the options in `url`; a DriverFault of kind INVALID_URL says in one sentence what is wrong with it."""
    parts = _split(url.strip())
    login, _, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    if not user:
        raise invalid_url(f"it names no user; its form is {EXAMPLE}")
    host, port = _place(place)
    parameters = UrlParameters(parts.query)
    # Prisma's driver keeps prepared statements, this one has none.
    parameters.integer("statement_cache_size", default=0, minimum=0)
    options = MysqlOptions(
        user=_decoded(user, "the user name"),
        password=_decoded(password, "the password"),
        host=host,
        port=port,
        schema=_database(parts),
        socket=parameters.take("socket"),
        connection_limit=parameters.integer("connection_limit", default=cpu_count() * 2 + 1, minimum=1),
        pool_timeout=parameters.seconds("pool_timeout", DEFAULT_POOL_TIMEOUT),
        connect_timeout=parameters.seconds("connect_timeout", DEFAULT_CONNECT_TIMEOUT),
        socket_timeout=parameters.seconds("socket_timeout", None),
        sslaccept=parameters.word("sslaccept", SslAccept),
        tls_files=TlsFiles(
            authority=parameters.take("sslcert"),
            identity=parameters.take("sslidentity"),
            password=parameters.take("sslpassword"),
        ),
        wsrep_sync_wait=_sync_wait(parameters),
    )
    parameters.report_rest()
    return options


def _split(url: str) -> SplitResult:
    if not url:
        raise invalid_url("it is empty")
    if not url.startswith("mysql://"):
        raise invalid_url("for MySQL and MariaDB it must start with mysql://")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise invalid_url("its host is not valid") from None
    # Such a URL was cut inside the password: what follows is secret, and may be neither shown nor dialled.
    if "#" in url or ("@" not in parts.netloc and ("@" in parts.path or "@" in parts.query)):
        raise invalid_url(
            "its user name or password holds a character that must be percent-encoded (/ as %2F, ? as %3F, # as %23)"
        )
    return parts


def _place(place: str) -> tuple[str, int]:
    if "," in place:
        raise invalid_url("it names more than one host")
    host, colon, port = place.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = place, ""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise invalid_url("its port is not a number from 1 to 65535")
    host = _decoded(host.removeprefix("[").removesuffix("]"), "the host")
    return host or "localhost", int(port or DEFAULT_PORT)


def _database(parts: SplitResult) -> str:
    database = _decoded(parts.path.removeprefix("/"), "the name of the database")
    if not database:
        raise invalid_url("it names no database: add /name after the host")
    return database


def _sync_wait(parameters: UrlParameters) -> int | None:
    value = parameters.integer("wsrep_sync_wait", default=-1, minimum=0)
    if value > 15:
        raise invalid_url("wsrep_sync_wait must be a whole number from 0 to 15", parameter="wsrep_sync_wait")
    return None if value < 0 else value


def _decoded(text: str, what: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise invalid_url(f"{what} is not percent-encoded UTF-8") from None
    if "\0" in decoded:
        raise invalid_url(f"{what} holds a zero byte")
    return decoded
