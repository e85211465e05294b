"""Decides where cached files are and which of them may be trusted, and writes them.

A cached file acts with our rights: a plan is SQL. So a file is only read if it and its folder belong to this user or to
root, and no other user may write to them. Root could change this process anyway, and images are often built as root and
run as another user.

The build hook runs this file for what it compiles, so it imports nothing else of this package.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path | None:
    """Return the user's cache folder for this package (`PRISMA_CACHE_DIR` wins), or None where there is no home."""
    chosen = os.environ.get("PRISMA_CACHE_DIR")
    if chosen:
        return Path(chosen)
    try:
        return _platform_cache() / "prisma-python"
    except RuntimeError:
        return None


def is_trusted(path: Path) -> bool:
    """Say whether a file and its folder exist and only this user, or root, could have written them."""
    return _may_be_read(path.parent, stat.S_ISDIR) and _may_be_read(path, stat.S_ISREG)


def write_whole(path: Path, data: bytes, *, mode: int, durable: bool = False) -> None:
    """Write a file so that readers see all of it or nothing; make its folder.

    With `durable` this holds after a power cut too; for files whose content has no checksum.

    Raises OSError; then no partial file is left.
    """
    import tempfile

    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.chmod(mode)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _may_be_read(path: Path, has_kind: Callable[[int], bool]) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False
    if sys.platform == "win32":
        return has_kind(facts.st_mode)
    return has_kind(facts.st_mode) and facts.st_uid in {0, os.geteuid()} and not facts.st_mode & WRITABLE_BY_OTHERS


def _platform_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
