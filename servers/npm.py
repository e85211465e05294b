"""npm packages for tests: the JavaScript programs that this repository's own are compared with."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from prisma.wasm.cache_files import cache_folder

from .nodejs import Node

# Its lock has Prisma's own command line.
_OFFICIAL = Path(__file__).parents[1] / "packages/prisma/tests/differential/cli/oracle"
_FILES = ("package.json", "package-lock.json", ".npmrc")
_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def installed_packages(folder: Path, node: Node) -> Path:
    """Return a folder with the `node_modules` that the lock in `folder` pins.

    They are installed once per lock, in the user's cache folder. Who changes them must copy them.
    """
    files = [file for file in (folder / name for name in _FILES) if file.exists()]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    place = (cache_folder() or Path(tempfile.gettempdir())) / "npm" / f"{folder.name}-{digest}"
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=place.parent, ignore_cleanup_errors=True) as new:
            aside = Path(new) / folder.name
            aside.mkdir()
            for file in files:
                shutil.copy(file, aside)
            # npm's own scripts look for `node` on PATH.
            path = os.pathsep.join((str(Path(node.program).parent), os.environ.get("PATH", "")))
            subprocess.run([*node.npm, "ci", *_OPTIONS], cwd=aside, env={**os.environ, "PATH": path}, check=True)
            # Another process may have been first.
            with suppress(OSError):
                aside.rename(place)
    return place


def official_prisma(node: Node) -> Path:
    """Return the folder of npm's package `prisma`, which is Prisma's own command line."""
    return installed_packages(_OFFICIAL, node) / "node_modules" / "prisma"
