"""npm packages for tests: the JavaScript programs that this repository's own are compared with."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from prisma.cli.official.nodejs import Node
from prisma.cli.official.packages import NPM_OPTIONS
from prisma.wasm.cache_files import cache_folder

_FILES = ("package.json", "package-lock.json", ".npmrc")


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
            subprocess.run([*node.npm, "ci", *NPM_OPTIONS], cwd=aside, env={**os.environ, "PATH": path}, check=True)
            # Another process may have been first.
            with suppress(OSError):
                aside.rename(place)
    return place
