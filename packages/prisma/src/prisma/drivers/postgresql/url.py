"""Database URLs: Prisma's PostgreSQL URL, parsed once, with a password that no text of it shows."""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import SplitResult

from prisma.drivers.addresses import Address, HostOrder, decoded, url_parts
from prisma.drivers.postgresql.addresses import TargetSession, read_addresses
from prisma.drivers.postgresql.settings import SESSION_SETTINGS, is_server_setting, parse_options, quote_identifier
from prisma.drivers.url_parameters import UrlParameters, cpu_count, invalid_url
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_POOL_TIMEOUT = 10.0  # seconds, as Prisma documents it
DEFAULT_CONNECT_TIMEOUT = 5.0  # seconds, as Prisma documents it
DEFAULT_STATEMENT_CACHE_SIZE = 100  # prepared statements for each connection, as Prisma documents it


class SslMode(StrEnum):
    """How much TLS a connection needs; the values are libpq's words."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"


class SslAccept(StrEnum):
    """Which certificates of the server are accepted; a parameter of Prisma, in addition to `sslmode`."""

    ACCEPT_INVALID_CERTS = "accept_invalid_certs"
    STRICT = "strict"


class TlsFiles(Frozen):
    """Files named by the URL: `sslrootcert`, `sslcert`, `sslkey`, `sslidentity` (PKCS#12) and its password."""

    root: str | None = None
    certificate: str | None = None
    key: str | None = None
    identity: str | None = None
    password: str | None = None
    _hidden: ClassVar[frozenset[str]] = frozenset({"password"})


class ConnectionOptions(Frozen):
    """One database and how to reach it. Times are seconds; None means without limit.

    `socket_folder` is set for a Unix socket and wins over `host`. `others` are further servers of the same database,
    `target` says which of all will do. `settings` are server settings for the session.
    `schema` is the one that unqualified names mean; `schema_given` tells whether the URL named it. With `pgbouncer`,
    `statement_cache_size` is always 0.
    """

    user: str
    host: str
    port: int
    database: str
    password: str | None = None
    socket_folder: str | None = None
    schema: str = "public"
    schema_given: bool = False
    connection_limit: int = 1
    pool_timeout: float | None = DEFAULT_POOL_TIMEOUT
    connect_timeout: float | None = DEFAULT_CONNECT_TIMEOUT
    socket_timeout: float | None = None
    sslmode: SslMode = SslMode.PREFER
    sslaccept: SslAccept | None = None
    tls_files: TlsFiles = TlsFiles()
    pgbouncer: bool = False
    statement_cache_size: int = DEFAULT_STATEMENT_CACHE_SIZE
    settings: Mapping[str, str] = MappingProxyType({})
    others: tuple[Address, ...] = ()
    target: TargetSession = TargetSession.ANY
    host_order: HostOrder = HostOrder.DISABLE
    _hidden: ClassVar[frozenset[str]] = frozenset({"password"})

    @property
    def search_path(self) -> str | None:
        """The search path for the session, or None where the server's own default holds."""
        if "search_path" in self.settings:
            return self.settings["search_path"]
        return quote_identifier(self.schema) if self.schema_given else None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The servers, in the order of the URL."""
        return (Address(self.host, self.port, self.socket_folder), *self.others)

    @property
    def place(self) -> str:
        """What messages call the servers."""
        return ",".join(address.place for address in self.addresses)

    def at(self, address: Address) -> ConnectionOptions:
        """Return the same options for one of the servers."""
        host, port, folder = address.host, address.port, address.socket_folder
        return self.__replace__(host=host, port=port, socket_folder=folder, others=())

    def for_changes(self) -> ConnectionOptions:
        """Return the same options for what needs the server that takes writes, whatever the URL asks for."""
        return self.__replace__(target=TargetSession.PRIMARY) if self.others else self

    def connecting_within(self, limit: float | None) -> ConnectionOptions:
        """Return the same options with at most `limit` seconds to connect."""
        if limit is None or (self.connect_timeout is not None and self.connect_timeout <= limit):
            return self
        return self.__replace__(connect_timeout=limit)


def parse_url(url: str) -> ConnectionOptions:
    """Return the options in `url`; a DriverFault of kind INVALID_URL says in one sentence what is wrong with it."""
    parts = _split(url.strip())
    user, password = _user(parts)
    parameters = UrlParameters(parts.query)
    first, *others = read_addresses(parts.netloc.rpartition("@")[2], parameters)
    database = _database(parts)
    pgbouncer = parameters.flag("pgbouncer")
    schema = parameters.take("schema")
    options = ConnectionOptions(
        user=user,
        password=password,
        host=first.host,
        port=first.port,
        database=database,
        socket_folder=first.socket_folder,
        others=tuple(others),
        target=parameters.word("target_session_attrs", TargetSession) or TargetSession.ANY,
        host_order=parameters.word("load_balance_hosts", HostOrder) or HostOrder.DISABLE,
        schema=schema or "public",
        schema_given=bool(schema),
        connection_limit=parameters.integer("connection_limit", default=cpu_count() * 2 + 1, minimum=1),
        pool_timeout=parameters.seconds("pool_timeout", DEFAULT_POOL_TIMEOUT),
        connect_timeout=parameters.seconds("connect_timeout", DEFAULT_CONNECT_TIMEOUT),
        socket_timeout=parameters.seconds("socket_timeout", None),
        sslmode=parameters.word("sslmode", SslMode) or SslMode.PREFER,
        sslaccept=parameters.word("sslaccept", SslAccept),
        tls_files=_tls_files(parameters),
        pgbouncer=pgbouncer,
        statement_cache_size=_statement_cache_size(parameters, pgbouncer=pgbouncer),
        # Last, because every parameter that is left may be a setting of the server.
        settings=MappingProxyType(_settings(parameters)),
    )
    parameters.report_rest()
    return options


def redact(url: str) -> str:
    """Return `url` for logs: without password, and without the values of parameters that may hold a secret."""
    hidden = re.sub(r"(?<=[?&])((?:ssl)?password=)[^&]*", r"\1***", url)
    scheme, separator, rest = hidden.partition("://")
    if not separator:
        return "***"
    # The last @ ends the user part even where a password holds an unencoded @, / or ?.
    secret, at, tail = rest.rpartition("@")
    user, colon, _ = secret.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}{at}{tail}" if at else f"{scheme}://{tail}"


def _split(url: str) -> SplitResult:
    if not url:
        raise invalid_url("it is empty")
    scheme, separator, _ = url.partition("://")
    if not separator or scheme not in ("postgresql", "postgres"):
        raise invalid_url("it must start with postgresql:// or postgres://")
    parts = url_parts(url)
    # Such a URL was cut inside the password: what follows is secret, and may be neither shown nor dialled.
    misplaced = "@" not in parts.netloc and ("@" in parts.path or "@" in parts.query)
    if misplaced or parts.fragment or "#" in url:
        raise invalid_url(
            "its user name or password holds a character that must be percent-encoded (/ as %2F, ? as %3F, # as %23)"
        )
    return parts


def _user(parts: SplitResult) -> tuple[str, str | None]:
    # The last @, because programs put unencoded passwords into URLs.
    login, at, _ = parts.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    if not user:
        if at and colon:
            raise invalid_url("it names no user")
        # Imported where a URL has no user, as few have.
        import getpass

        user = getpass.getuser()
    return decoded(user, "the user name"), decoded(password, "the password") if colon else None


def _database(parts: SplitResult) -> str:
    database = decoded(parts.path.removeprefix("/"), "the name of the database")
    if not database:
        raise invalid_url("it names no database: add /name after the host")
    return database


def _statement_cache_size(parameters: UrlParameters, *, pgbouncer: bool) -> int:
    # Read in any case, so that a wrong value is an error with PgBouncer, too.
    size = parameters.integer("statement_cache_size", default=DEFAULT_STATEMENT_CACHE_SIZE, minimum=0)
    return 0 if pgbouncer else size


def _tls_files(parameters: UrlParameters) -> TlsFiles:
    return TlsFiles(
        root=parameters.take("sslrootcert"),
        certificate=parameters.take("sslcert"),
        key=parameters.take("sslkey"),
        identity=parameters.take("sslidentity"),
        password=parameters.take("sslpassword"),
    )


def _settings(parameters: UrlParameters) -> dict[str, str]:
    settings: dict[str, str] = {}
    fallback = parameters.take("fallback_application_name")
    if fallback is not None:
        settings["application_name"] = fallback
    if (options := parameters.take("options")) is not None:
        try:
            settings |= {_setting_name(name): value for name, value in parse_options(options).items()}
        except ValueError as error:
            raise invalid_url(str(error), parameter="options") from None
    for name in parameters.rest():
        if is_server_setting(name) and (value := parameters.take(name)) is not None:
            settings[_setting_name(name)] = value
    return settings


def _setting_name(name: str) -> str:
    # Custom settings keep their spelling; the server's own are found in any.
    return name.lower() if name.lower() in SESSION_SETTINGS else name
