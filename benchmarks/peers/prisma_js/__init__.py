"""Prisma Client for JavaScript: its packages, installed once into the user's cache folder, and its generated client."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from benchmarks.database import ROOT
from prisma.wasm.cache_files import cache_folder
from servers.nodejs import Node, find_node

FOLDER = Path(__file__).parent

_DATASOURCE_URL = re.compile(r"^\s*(?:url|directUrl)\s*=.*\n", re.MULTILINE)


def command(socket_folder: str, connections: int) -> list[str]:
    """Return the command that starts the worker; installs what it needs."""
    node = find_node()
    return [node.program, str(FOLDER / "worker.mjs"), str(_installed(node)), socket_folder, str(connections)]


def _installed(node: Node) -> Path:
    schema = _schema()
    words = (FOLDER / "package-lock.json").read_bytes() + schema.encode()
    folder = (cache_folder() or Path(tempfile.gettempdir())) / "benchmarks" / hashlib.sha256(words).hexdigest()[:12]
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent, ignore_cleanup_errors=True) as place:
            aside = Path(place) / "client"
            aside.mkdir()
            _install(node, aside, schema)
            # Somebody else may have been first.
            with suppress(OSError):
                aside.rename(folder)
    return folder


def _install(node: Node, folder: Path, schema: str) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name, folder)
    (folder / "schema.prisma").write_text(schema, encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(node.program).parent), os.environ.get("PATH", ""))),
        "CHECKPOINT_DISABLE": "1",
        # The client runs the query compiler: no native engine is looked for.
        "PRISMA_SCHEMA_ENGINE_BINARY": node.program,
    }
    install = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    generate = [
        node.program,
        "node_modules/prisma/build/index.js",
        "generate",
        "--schema",
        "schema.prisma",
        "--no-hints",
    ]
    for each in (install, generate):
        subprocess.run(each, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _schema() -> str:
    """Return the service's schema for Prisma 7, which takes no URL in it."""
    text = (ROOT / "schema.prisma").read_text(encoding="utf-8")
    return _DATASOURCE_URL.sub("", text)
