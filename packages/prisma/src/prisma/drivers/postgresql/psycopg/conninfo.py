"""Connection strings for libpq, made only from the URL: the environment and the home folder have no effect."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psycopg.conninfo import make_conninfo

from prisma.drivers.postgresql.tls import SYSTEM_ROOTS, client_certificate, tls_for
from prisma.drivers.postgresql.url import SslAccept, SslMode

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions

# libpq looks for files in the home folder unless it is told names; a name below a device can't be a file.
_NO_FILE: Final = f"{os.devnull}/none"
# Rows are read as text in these styles.
_READING_STYLES: Final = frozenset({"datestyle", "intervalstyle"})


@contextmanager
def conninfo(options: ConnectionOptions) -> Generator[str]:
    """Yield the connection string, without the address of the host; files that it names exist in the block only.

    Raises:
        DriverFault: TLS_CONNECTION_ERROR, a file of certificates or keys can't be used.
    """
    # The same checks as for asyncpg, with the same words.
    tls_for(options)
    settings = {name: value for name, value in options.settings.items() if name not in _READING_STYLES}
    settings.pop("search_path", None)
    if options.search_path is not None and not options.pgbouncer:
        settings["search_path"] = options.search_path
    application = settings.pop("application_name", "")
    parameters: dict[str, str | int] = {
        "host": options.socket_folder or options.host,
        "port": options.port,
        "user": options.user,
        "password": options.password or "",
        "dbname": options.database,
        "passfile": _NO_FILE,
        "application_name": application,
        "client_encoding": "UTF8",
        "options": " ".join(f"-c {name}={_escaped(value)}" for name, value in settings.items()),
        "target_session_attrs": "any",
        "gssencmode": "disable",
        **_verification(options),
    }
    with _client_files(options) as files:
        yield make_conninfo(**parameters, **files)


def _escaped(value: str) -> str:
    # The server splits `options` at blanks.
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def _verification(options: ConnectionOptions) -> dict[str, str]:
    if options.socket_folder is not None or options.sslmode is SslMode.DISABLE:
        return {"sslmode": "disable"}
    files = options.tls_files
    strict = options.sslaccept is SslAccept.STRICT
    if options.sslmode is SslMode.PREFER and not strict and files.key is None and files.identity is None:
        return {"sslmode": "prefer", "sslrootcert": _NO_FILE}
    root = files.root or (files.certificate if files.key is None else None)
    verify = strict or options.sslmode in (SslMode.VERIFY_CA, SslMode.VERIFY_FULL) or files.root is not None
    if not verify or options.sslaccept is SslAccept.ACCEPT_INVALID_CERTS:
        return {"sslmode": "require", "sslrootcert": _NO_FILE}
    full = strict or options.sslmode is SslMode.VERIFY_FULL
    if root is None or root == SYSTEM_ROOTS:
        root = ssl.get_default_verify_paths().cafile or (SYSTEM_ROOTS if full else _NO_FILE)
    return {"sslmode": "verify-full" if full else "verify-ca", "sslrootcert": root}


@contextmanager
def _client_files(options: ConnectionOptions) -> Generator[dict[str, str]]:
    found = client_certificate(options.tls_files)
    if found is None:
        yield {"sslcert": _NO_FILE, "sslkey": _NO_FILE}
        return
    # libpq refuses keys that others may read, and reads no PKCS#12: it gets a copy.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "client.pem"
        path.touch(mode=0o600)
        path.write_bytes(found.pem)
        yield {"sslcert": str(path), "sslkey": str(path), "sslpassword": found.password}
