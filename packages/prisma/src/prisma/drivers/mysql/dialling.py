"""Dialling: what both libraries are told of a connection, and why one could not be made."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.mysql.faults import fault_of
from prisma.drivers.mysql.session_state import FOUND_ROWS, MULTI_STATEMENTS, refuses_writes
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers.mysql.url import MysqlOptions

CLIENT_SSL: Final = 1 << 11
"""The capability of servers that offer TLS."""

_LONGEST: Final = 31_536_000.0  # seconds that the libraries take for a limit


def arguments(options: MysqlOptions) -> dict[str, Any]:
    """Return the arguments of both libraries' connections."""
    return {
        "user": options.user,
        # The libraries would encode text in Latin 1; the server expects UTF-8.
        "password": options.password.encode(),
        "host": options.host,
        "port": options.port,
        "unix_socket": options.socket,
        "database": options.schema,
        "charset": "utf8mb4",
        "client_flag": FOUND_ROWS | MULTI_STATEMENTS,
        # The statement of `session_state.setup` sets it, with everything else.
        "autocommit": None,
        "connect_timeout": options.connect_timeout or _LONGEST,
        "program_name": "prisma",
    }


def refusal(error: BaseException, options: MysqlOptions) -> DriverFault:
    """Return the fault for a connection that could not be made."""
    if isinstance(error, DriverFault):
        return error
    # The libraries put their own errors around those of the network.
    causes = [error, error.__cause__, error.__context__, getattr(error, "original_exception", None)]
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return DriverFault(FaultKind.TLS_CONNECTION_ERROR, {"message": str(tls)})
    if any(isinstance(cause, TimeoutError) for cause in causes):
        facts = {**options.facts, "timeout": options.connect_timeout}
        message = "The database server did not answer in time."
        return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {"message": message, **facts})
    fault = fault_of(error, options)
    if fault.kind is FaultKind.CONNECTION_CLOSED:
        # It hung up before it had said anything about the login, or is a node of Galera that takes no statements.
        return DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {**fault.fields, **options.facts})
    return fault


def unknown_login(error: RuntimeError) -> DriverFault:
    """Return the fault for a login that a library can't do without another package, which its error names."""
    message = f"The server asks for a login that needs one more package: {error}. Install it beside prisma[mysql]."
    return DriverFault(FaultKind.DATABASE_ERROR, {"message": message})


def check_role(rows: Sequence[Sequence[object]], options: MysqlOptions) -> None:
    """Raise a DriverFault if a server, by the last rows of `session_state.setup`, does not suit the URL."""
    if refuses_writes(rows):
        message = f"the server is read-only, and target_session_attrs is {options.target}"
        facts = {**options.facts, "reasons": {options.place: message}}
        raise DriverFault(FaultKind.DATABASE_NOT_REACHABLE, {"message": message, **facts})


def missing(package: str, error: ImportError) -> DriverFault:
    """Return the fault for a library that is not installed."""
    message = f"Connecting to MySQL needs {package}, which is not installed. Run `pip install 'prisma[mysql]'`."
    fault = DriverFault(FaultKind.DATABASE_ERROR, {"message": message})
    fault.__cause__ = error
    return fault


def reads_relations(version: str) -> bool:
    """Say whether a server of this version reads related rows in one statement: MySQL from 8.0.13 on, MariaDB never.

    Old handshakes of MariaDB begin with 5.5.5-, and all of its versions have its name.
    """
    return not _is_mariadb(version) and _numbers(version) >= (8, 0, 13)


def returns_inserted(version: str) -> bool:
    """Say whether a server of this version has `INSERT … RETURNING`: MariaDB from 10.5 on, MySQL never."""
    return _is_mariadb(version) and _numbers(version.removeprefix("5.5.5-")) >= (10, 5)


def _is_mariadb(version: str) -> bool:
    return "mariadb" in version.lower()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.partition("-")[0].split(".")[:3] if number.isdigit())
