"""The right of one more user to enter a folder, by an entry in its access control list (POSIX ACL of Linux).

`chmod o+x` would open the folder to every user of the machine.
"""

from __future__ import annotations

import errno
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ATTRIBUTE = "system.posix_acl_access"
_VERSION = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")  # kind of entry, rights as in rwx, number of the user or the group
_OWNER, _USER, _GROUP, _NAMED_GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_SEARCH = 1

_Entries = dict[tuple[int, int], int]


def grant_search(folder: Path, uid: int, gid: int) -> bool:
    """Let a user enter a folder, and return whether the user can; nothing changes if the user could before.

    Raises:
        OSError: the folder does not exist.
    """
    status = folder.stat()
    shift = 6 if status.st_uid == uid else 3 if status.st_gid == gid else 0
    if status.st_mode >> shift & _SEARCH:
        return True
    if not hasattr(os, "setxattr"):
        return False
    try:
        entries = _read(folder, status.st_mode)
        if not entries.get((_USER, uid), 0) & entries.get((_MASK, _NOBODY), 0) & _SEARCH:
            entries[_USER, uid] = entries.get((_USER, uid), 0) | _SEARCH
            entries[_MASK, _NOBODY] = entries.get((_MASK, _NOBODY), entries[_GROUP, _NOBODY]) | _SEARCH
            _write(folder, entries)
    except OSError:
        return False
    return True


def _read(folder: Path, mode: int) -> _Entries:
    try:
        data = os.getxattr(folder, _ATTRIBUTE)
    except OSError as error:
        if error.errno != errno.ENODATA:
            raise
        return {(_OWNER, _NOBODY): mode >> 6 & 7, (_GROUP, _NOBODY): mode >> 3 & 7, (_OTHERS, _NOBODY): mode & 7}
    return {(tag, number): rights for tag, rights, number in _ENTRY.iter_unpack(data[_VERSION.size :])}


def _write(folder: Path, entries: _Entries) -> None:
    # The kernel requires this order.
    packed = [_ENTRY.pack(tag, rights, number) for (tag, number), rights in sorted(entries.items())]
    os.setxattr(folder, _ATTRIBUTE, _VERSION.pack(2) + b"".join(packed))
