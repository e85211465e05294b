"""The account that the embedded PostgreSQL runs as: this process's own or, as PostgreSQL refuses root, `pgserver`."""

from __future__ import annotations

import fcntl
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.database.embedded.folder_acl import grant_search
from app.errors import FatalError

NAME = "pgserver"
# Programs that change accounts lock this file, too, but by another kind of lock, so ours does not block them.
_ACCOUNTS_LOCK = Path("/etc/.pwd.lock")


class RunAs(TypedDict, total=False):
    """Arguments for subprocess."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        """Its name, or its number if it has none."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def run_as(self) -> RunAs:
        """Return the arguments that make subprocess run a program as this user."""
        return {} if self.uid == os.geteuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this user the owner of a file or a folder."""
        os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def allow_entering(self, path: Path) -> None:
        """Make sure that this user can reach a path, through folders that are closed to other users.

        Raises:
            FatalError: it can't, and the right can't be given.
        """
        if self.uid == os.geteuid():
            return
        for folder in reversed(path.parents):
            if not grant_search(folder, self.uid, self.gid):
                raise FatalError(
                    f"The user {self.name}, as whom the embedded PostgreSQL runs when root starts it, can't enter "
                    f"{folder}.",
                    f"Run: chmod o+x '{folder}', or start as another user than root, or set DATABASE_URL.",
                )


def server_account() -> Account:
    """Return the account to run as; as root, it is made if it is missing.

    Raises:
        FatalError: it can't be made.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    found = _find() or _make()
    return Account(found.pw_uid, found.pw_gid)


def _find() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _make() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group", NAME]
    try:
        # One at a time: two processes would make the account twice, with different numbers.
        with _ACCOUNTS_LOCK.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if found := _find():
                return found
            subprocess.run(command, check=True, capture_output=True, text=True)
            return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise FatalError(
            f"PostgreSQL does not run as root, and the user {NAME} can't be made for it: {reason}.",
            f"Run: {' '.join(command)}, or start as another user than root, or set DATABASE_URL.",
        ) from error
