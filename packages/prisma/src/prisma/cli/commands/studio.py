"""`prisma studio`: run Prisma 7's Studio on the loopback of this machine, without calls to other servers."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from prisma.cli.official.nodejs import find_node
from prisma.cli.official.packages import NODE_FOLDER, STUDIO, installed
from prisma.cli.official.run import node_environment, run_node
from prisma.cli.project.database import check_url, migration_database
from prisma.cli.project.errors import CommandError
from prisma.drivers.postgresql.url import DEFAULT_PORT
from prisma.schema.files import read_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG = NODE_FOLDER / "studio.config.mjs"
# The address that Studio listens on; it can't be told another.
HOST = "127.0.0.1"
# The names for HOST that browsers send.
LOOPBACK_NAMES = frozenset({"localhost", HOST})
CONNECT_TIMEOUT = 5.0


def studio(schema: Path | None, url: str | None, port: int, hostname: str, browser: str | None) -> int:
    """Open Studio on the schema's database, or on `url`, and wait until it is stopped."""
    if hostname not in LOOPBACK_NAMES:
        raise CommandError(
            f"Studio listens on {HOST} only, not on {hostname}: it shows all data to everyone who reaches it.",
            "Leave out --hostname, or reach it through a tunnel (`ssh -L`).",
        )
    if url is None:
        url = migration_database(read_schema(schema)).url
    check_url(url)
    variables = driver_variables(url)
    _require_server(variables)
    _require_free(port)
    node = find_node()
    program = installed(node) / "node_modules" / STUDIO / "build" / "index.js"
    words = ["studio", "--config", str(CONFIG), "--port", str(port)]
    environment = {**node_environment(node.program), **variables}
    return run_node([node.program, str(program), *words, *(["--browser", browser] if browser else [])], environment)


def driver_variables(url: str) -> Mapping[str, str]:
    """Return the connection as the variables that Studio's driver reads.

    A URL for the driver can hold neither a socket nor Prisma's parameters, and would show the password in the list of
    processes.
    """
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    mode = query.get("sslmode", "disable")
    fields = {
        "PGHOST": query.get("host") or unquote(parts.hostname or "") or "localhost",
        "PGPORT": str(query.get("port") or parts.port or DEFAULT_PORT),
        "PGUSERNAME": unquote(parts.username or "") or query.get("user"),
        "PGPASSWORD": unquote(parts.password or "") or query.get("password"),
        "PGDATABASE": unquote(parts.path.removeprefix("/")) or query.get("dbname") or "postgres",
        "PGSSL": None if mode == "disable" else mode,
        "PGAPPNAME": query.get("application_name") or "prisma-studio",
    }
    return {name: value for name, value in fields.items() if value}


def _require_server(variables: Mapping[str, str]) -> None:
    """Raise CommandError if no server listens: Studio itself would start and show the failure in the browser only."""
    host, port = variables["PGHOST"], int(variables["PGPORT"])
    try:
        if host.startswith("/"):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(CONNECT_TIMEOUT)
                connection.connect(f"{host}/.s.PGSQL.{port}")
        else:
            socket.create_connection((host, port), CONNECT_TIMEOUT).close()
    except OSError as error:
        raise CommandError(
            f"P1001: Can't reach database server at {host}:{port}.",
            "Please make sure your database server is running there.",
        ) from error


def _require_free(port: int) -> None:
    with socket.socket() as listener:
        # As Node does: a port whose last connections are in TIME_WAIT counts as free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken, maybe by another Studio.", f"Name another one: prisma studio --port {port + 1}"
            ) from error
