"""URLs of MySQL and MariaDB: `mysql://user:password@host:3306/database`, with Prisma's parameters."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from prisma.drivers.addresses import Address, HostOrder, decoded, host_and_port, url_parts
from prisma.drivers.url_parameters import UrlParameters, cpu_count, invalid_url
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from urllib.parse import SplitResult

EXAMPLE: Final = "mysql://user:password@localhost:3306/database"
DEFAULT_PORT: Final = 3306
DEFAULT_POOL_TIMEOUT: Final = 10.0  # seconds, as Prisma documents it
DEFAULT_CONNECT_TIMEOUT: Final = 5.0  # seconds, as Prisma documents it


class SslAccept(StrEnum):
    """Which certificates of the server are accepted; the values are Prisma's words."""

    ACCEPT_INVALID_CERTS = "accept_invalid_certs"
    STRICT = "strict"


class TargetSession(StrEnum):
    """Which servers will do; the values are libpq's words for `target_session_attrs`."""

    ANY = "any"
    READ_WRITE = "read-write"


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
        others: further servers with the same data.
        is_one_of_several: whether another server may take the place of this one.
        target: which of them will do.
        host_order: in which order the servers are tried.
        wsrep_sync_wait: for which statements a node of Galera first waits until it has what the others have committed,
            as its server variable of this name says; None leaves that to the server.
    """

    user: str
    host: str
    port: int
    schema: str
    password: str = ""
    socket: str | None = None
    others: tuple[Address, ...] = ()
    is_one_of_several: bool = False
    target: TargetSession = TargetSession.ANY
    host_order: HostOrder = HostOrder.DISABLE
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

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The servers, in the order of the URL."""
        return (Address(self.host, self.port), *self.others)

    @property
    def place(self) -> str:
        """What messages call the servers."""
        if self.socket is not None:
            return f"unix:{self.socket}"
        return ",".join(address.place for address in self.addresses)

    @property
    def facts(self) -> dict[str, str | int]:
        """The fields of a fault that say where the server is."""
        return {"host": self.host, "port": self.port} if self.socket is None else {"socket": self.socket}

    def at(self, address: Address) -> MysqlOptions:
        """Return the same options for one of the servers."""
        several = bool(self.others)
        return self.__replace__(host=address.host, port=address.port, others=(), is_one_of_several=several)

    def for_changes(self) -> MysqlOptions:
        """Return the same options for what needs a server that takes writes, whatever the URL asks for."""
        return self.__replace__(target=TargetSession.READ_WRITE) if self.others else self

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
    parameters = UrlParameters(parts.query)
    first, *others = _addresses(place)
    socket = parameters.take("socket")
    if socket is not None and others:
        raise invalid_url("it names a socket and several hosts", parameter="socket")
    # Prisma's driver keeps prepared statements, this one has none.
    parameters.integer("statement_cache_size", default=0, minimum=0)
    options = MysqlOptions(
        user=decoded(user, "the user name"),
        password=decoded(password, "the password"),
        host=first.host,
        port=first.port,
        schema=_database(parts),
        socket=socket,
        others=tuple(others),
        target=parameters.word("target_session_attrs", TargetSession) or TargetSession.ANY,
        host_order=parameters.word("load_balance_hosts", HostOrder) or HostOrder.DISABLE,
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
    parts = url_parts(url)
    # Such a URL was cut inside the password: what follows is secret, and may be neither shown nor dialled.
    if "#" in url or ("@" not in parts.netloc and ("@" in parts.path or "@" in parts.query)):
        raise invalid_url(
            "its user name or password holds a character that must be percent-encoded (/ as %2F, ? as %3F, # as %23)"
        )
    return parts


def _addresses(places: str) -> list[Address]:
    named = [host_and_port(place, DEFAULT_PORT) for place in places.split(",")]
    if len(named) > 1 and not all(host for host, _ in named):
        raise invalid_url("it names no host before or after a comma")
    return [Address(host or "localhost", port) for host, port in named]


def _database(parts: SplitResult) -> str:
    database = decoded(parts.path.removeprefix("/"), "the name of the database")
    if not database:
        raise invalid_url("it names no database: add /name after the host")
    return database


def _sync_wait(parameters: UrlParameters) -> int | None:
    value = parameters.integer("wsrep_sync_wait", default=-1, minimum=0)
    if value > 15:
        raise invalid_url("wsrep_sync_wait must be a whole number from 0 to 15", parameter="wsrep_sync_wait")
    return None if value < 0 else value
