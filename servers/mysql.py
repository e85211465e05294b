"""A real MariaDB for every test that asks: the system's server, on a socket and a port of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymysql

from servers import free_port

START_TIMEOUT = 60.0  # seconds
SCRIPTS = Path("/usr/share/mysql")

# Nothing has to survive a power cut, and the databases are small.
SETTINGS = (
    "--no-defaults",
    "--bind-address=127.0.0.1",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
    "--innodb-log-file-size=16M",
    "--innodb-buffer-pool-size=64M",
    "--innodb-buffer-pool-dump-at-shutdown=0",
    "--performance-schema=off",
    "--max-connections=200",
    "--innodb-lock-wait-timeout=20",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
)


def mariadb_program() -> str | None:
    """Return the path of the system's server, None if there is none."""
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class MariaDb:
    """A server with a folder of its own, and a user `prisma` that may do everything."""

    password = "it's a \\ sécret/?#"

    def __init__(self, program: str, *options: str) -> None:
        # A socket's path may have 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="my-"))
        self.port = free_port()
        self.socket = self.folder / "s.sock"
        self._program = program
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._initialize()

    @property
    def _command(self) -> list[str]:
        # It runs as root only if it is told to, as in a container.
        user = ["--user=root"] if os.geteuid() == 0 else []
        return [
            self._program,
            *SETTINGS,
            *user,
            f"--datadir={self.folder / 'data'}",
            f"--tmpdir={self.folder}",
            *self._options,
        ]

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        place = [f"--port={self.port}", f"--socket={self.socket}", f"--pid-file={self.folder / 'pid'}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*self._command, *place], stdout=log, stderr=log)
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            with socket.socket(socket.AF_UNIX) as probe:
                # It listens when it is ready.
                if probe.connect_ex(str(self.socket)) == 0:
                    return
            if not self.running or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server and wait for its end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_TIMEOUT)

    def kill(self) -> None:
        """End the server at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(START_TIMEOUT)

    def destroy(self) -> None:
        """Stop the server and remove its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database: str | None = None) -> pymysql.Connection:
        """Return a connection of the superuser."""
        multi_statements = 1 << 16
        return pymysql.connect(
            unix_socket=str(self.socket), user="root", database=database, autocommit=True, client_flag=multi_statements,
            ssl_disabled=True,
        )  # fmt: skip

    def run(self, script: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run SQL as the superuser and return the rows of the last statement."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(script)
            rows = list(cursor.fetchall())
            while cursor.nextset():
                rows = list(cursor.fetchall())
            return rows

    def create_database(self, name: str) -> str:
        """Make a database and return its URL."""
        self.run(f"CREATE DATABASE `{name}`")
        return self.url(name)

    def url(self, database: str, **parameters: str) -> str:
        """Return the URL of a database, in Prisma's form."""
        login = f"prisma:{quote(self.password, safe='')}"
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
        return f"mysql://{login}@127.0.0.1:{self.port}/{quote(database, safe='')}{'?' if query else ''}{query}"

    def _initialize(self) -> None:
        """Make the tables of the server itself, as Debian's script does, which needs programs of other packages."""
        data = self.folder / "data"
        data.mkdir()
        scripts = [SCRIPTS / name for name in ("mysql_system_tables.sql", "mysql_system_tables_data.sql")]
        password = self.password.replace("\\", "\\\\").replace("'", "''")
        statements = [
            "CREATE DATABASE mysql;",
            "USE mysql;",
            "SET @auth_root_socket = NULL;",
            *(script.read_text(encoding="utf-8") for script in scripts),
            "FLUSH PRIVILEGES;",
            f"CREATE USER prisma@'%' IDENTIFIED BY '{password}';",
            "GRANT ALL ON *.* TO prisma@'%' WITH GRANT OPTION;",
        ]
        made = subprocess.run(
            [*self._command, "--bootstrap"], input="\n".join(statements).encode(), capture_output=True, check=False
        )
        if made.returncode:
            raise RuntimeError(made.stderr.decode(errors="replace"))
