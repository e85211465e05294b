"""A primary and its streaming standbys: any of them can fail, be promoted, and come back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from servers import with_parameters
from servers.tcp import TcpServer

CATCH_UP = 30.0  # seconds for standbys to stream

RULES = """
local all         all              trust
local replication all              trust
host  all         all 127.0.0.1/32 scram-sha-256
"""
# Standbys answer that often how far they are, and look that often for a primary that is gone.
SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 60
shared_buffers = 16MB
fsync = off
hot_standby = on
hot_standby_feedback = on
wal_keep_size = 256MB
wal_receiver_status_interval = 1s
wal_retrieve_retry_interval = 100ms
"""


class Member(TcpServer):
    """One server of a cluster: the first primary, or a copy of `source` that follows it."""

    def __init__(self, binaries: Path, name: str, source: Member | None = None) -> None:
        self.name = name
        self._source = source
        super().__init__(binaries)
        if source is not None:
            self.password = source.password

    @property
    def is_standby(self) -> bool:
        """Whether it only repeats what another one does."""
        return self.run("SELECT pg_is_in_recovery()") == "t"

    def received(self) -> int:
        """Return how much a standby has received, in bytes from the beginning of the log."""
        return int(self.run("SELECT coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'"))

    def promote(self) -> None:
        """Make it the primary, and wait until it is."""
        self._control("promote", "-w")

    def follow(self, primary: Member) -> None:
        """Repeat what `primary` does from now on."""
        self.run(f"ALTER SYSTEM SET primary_conninfo = {self._quoted(self._source_text(primary))}")
        self.run("SELECT pg_reload_conf()")

    def copy(self, primary: Member) -> None:
        """Begin again as a standby: a copy of `primary`. The server must be stopped."""
        shutil.rmtree(self._data)
        self._source = primary
        self._create()
        self.start()

    def _create(self) -> None:
        source = self._source
        if source is None:
            super()._create()
            return
        self._program(
            "pg_basebackup", "-D", str(self._data), "-d", self._source_text(source), "-c", "fast", "-X", "stream", "-R",
        )  # fmt: skip
        # What the primary was told about itself, such as whom to follow, would come after what -R has written.
        with (self._data / "postgresql.auto.conf").open("a") as file:
            file.write(f"primary_conninfo = {self._quoted(self._source_text(source))}\n")

    def _configure(self, data: Path) -> None:
        (data / "pg_hba.conf").write_text(RULES)
        with (data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)

    def _source_text(self, primary: Member) -> str:
        return f"host={primary.folder} port={primary.port} user=postgres application_name={self.name}"

    @staticmethod
    def _quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"


class Cluster:
    """A primary with `standbys` standbys; with `synchronous`, a commit waits until one of them has it on its disk."""

    def __init__(self, binaries: Path, standbys: int = 2, *, synchronous: bool = True) -> None:
        self.primary = Member(binaries, "node1")
        self.primary.start()
        self.members = [self.primary]
        for number in range(2, standbys + 2):
            member = Member(binaries, f"node{number}", self.primary)
            self.members.append(member)
            member.start()
        # Each of them may be the primary one day.
        for member in self.members if synchronous else ():
            member.run("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'")
            member.run("SELECT pg_reload_conf()")
        self.wait_for_standbys()

    @property
    def standbys(self) -> list[Member]:
        """The running servers that are not the primary."""
        return [member for member in self.members if member is not self.primary and member.running]

    def url(self, database: str = "postgres", **parameters: str) -> str:
        """Return one URL with all members, in the order of their making."""
        login = f"postgres:{quote(self.primary.password, safe='')}"
        places = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return with_parameters(f"postgresql://{login}@{places}/{quote(database)}", parameters)

    def wait_for_standbys(self) -> None:
        """Wait until each running standby streams, and has what the primary has at this moment."""
        names = {member.name for member in self.standbys}
        position = self.primary.run("SELECT pg_current_wal_flush_lsn()")
        streaming = f"SELECT application_name FROM pg_stat_replication WHERE replay_lsn >= '{position}'"
        wait_until(lambda: names <= set(self.primary.run(streaming).splitlines()))

    def promote(self) -> Member:
        """Make the standby that has most the primary, and let the others follow; return the old primary, which is down.

        With synchronous commits, the standby that has most has all that was acknowledged.
        """
        old, followers = self.primary, self.standbys
        new = max(followers, key=Member.received)
        new.promote()
        self.primary = new
        for member in followers:
            if member is not new:
                member.follow(new)
        return old

    def rejoin(self, member: Member) -> None:
        """Bring a stopped member back, as a standby."""
        member.copy(self.primary)
        self.wait_for_standbys()

    def destroy(self) -> None:
        """Stop all members and remove their files."""
        # The primary last: it would wait for standbys.
        for member in (*self.standbys, self.primary, *self.members):
            member.destroy()


def wait_until(holds: Callable[[], bool], *, limit: float = CATCH_UP) -> None:
    """Wait until something holds, `limit` seconds at most."""
    deadline = time.monotonic() + limit
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("The servers did not come so far in time.")
        time.sleep(0.05)
