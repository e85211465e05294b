"""PgBouncers in transaction mode in front of the embedded PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import trustme

from servers import PATIENCE, free_port, run_as, with_parameters
from servers.tcp import BINARIES

SERVER_CONNECTIONS = 4

SETTINGS = """
[databases]
* = host={socket_folder} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
logfile = {folder}/log
"""

TLS_SETTINGS = """
client_tls_sslmode = {mode}
client_tls_key_file = {folder}/server.key
client_tls_cert_file = {folder}/server.pem
client_tls_ca_file = {folder}/authority.pem
"""


class PgBouncer:
    """One PgBouncer; each database gets at most SERVER_CONNECTIONS connections of the server.

    `tls` is its `client_tls_sslmode`: `allow`, `require`, or `verify-ca` to ask for certificates of `authority`. Its
    own certificate is for the host name `localhost` only; `authority_file` holds what it is to be checked against.
    """

    def __init__(self, program: str, socket_folder: Path, *, tls: str | None = None) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
        # As the user that owns the server's socket folder, which nobody else may enter.
        owner = socket_folder.stat()
        os.chown(self.folder, owner.st_uid, owner.st_gid)
        self.authority = trustme.CA()
        self.authority_file = self.folder / "authority.pem"
        text = SETTINGS.format(socket_folder=socket_folder, port=self.port, size=SERVER_CONNECTIONS, folder=self.folder)
        if tls is not None:
            text += TLS_SETTINGS.format(mode=tls, folder=self.folder)
            self._write_certificates()
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(text)
        for path in self.folder.iterdir():
            os.chown(path, owner.st_uid, owner.st_gid)
        self._process = subprocess.Popen(
            [program, "-q", str(settings)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
            **run_as(owner.st_uid, owner.st_gid),
        )  # fmt: skip
        self._wait()

    def url(self, database: str, *, host: str = "localhost", **parameters: str) -> str:
        """Return the URL of a database of the server, by its name."""
        return with_parameters(f"postgresql://postgres@{host}:{self.port}/{database}", parameters)

    def encrypted_clients(self) -> int:
        """Return the number of clients that are connected with TLS."""
        clients = subprocess.run(
            [BINARIES / "psql", "-X", "-At", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres",
             "-c", "SHOW CLIENTS", "pgbouncer"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        return sum("|TLSv1" in line for line in clients.splitlines())

    def destroy(self) -> None:
        """Stop PgBouncer and remove its files."""
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write_certificates(self) -> None:
        certificate = self.authority.issue_cert("localhost")
        self.authority.cert_pem.write_to_path(str(self.authority_file))
        certificate.private_key_pem.write_to_path(str(self.folder / "server.key"))
        for number, pem in enumerate(certificate.cert_chain_pems):
            pem.write_to_path(str(self.folder / "server.pem"), append=number > 0)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = self.folder / "log"
                    text = log.read_text() if log.exists() else ""
                    raise RuntimeError(f"PgBouncer did not start: {text}") from None
                time.sleep(0.02)
