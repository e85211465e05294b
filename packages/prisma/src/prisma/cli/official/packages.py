"""Installs the npm packages of the official CLI, once per version, in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prisma.cli.project.errors import CommandError
from prisma.wasm.cache_files import cache_folder

if TYPE_CHECKING:
    from prisma.cli.official.nodejs import Node

NODE_FOLDER = Path(__file__).parent.parent / "node"
LOCK = NODE_FOLDER / "package-lock.json"
MANIFEST = NODE_FOLDER / "package.json"
CLI = "prisma"
STUDIO = "prisma-studio"
# The hash only names a folder: npm checks the integrity, by the hashes in the lock.
HASH_DIGITS = 12
NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
ERROR_LINES = 5


def locked_version(package: str) -> str:
    """Return the version of a package that the lock pins."""
    lock: Any = json.loads(LOCK.read_text(encoding="utf-8"))
    return lock["packages"][f"node_modules/{package}"]["version"]


def installation_folder() -> Path:
    """Return the folder for the installation of the locked versions, which may not exist yet."""
    cache = cache_folder()
    if cache is None:
        raise CommandError("There is no home folder to keep Prisma's CLI in.", "Name a folder in PRISMA_CACHE_DIR.")
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:HASH_DIGITS]
    return cache / "cli" / f"{locked_version(CLI)}-{locked_version(STUDIO)}-{digest}"


def installed(node: Node) -> Path:
    """Return the installation's folder; install first if it is missing.

    The packages are installed in a temporary folder that is then renamed, so that parallel and interrupted starts are
    harmless.
    """
    folder = installation_folder()
    if folder.is_dir():
        return folder
    click.echo(f"Installing Prisma's CLI {locked_version(CLI)} (once, into {folder}) …", err=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent, ignore_cleanup_errors=True) as place:
        aside = Path(place) / "cli"
        aside.mkdir()
        shutil.copy(MANIFEST, aside)
        shutil.copy(LOCK, aside)
        _run_npm(node, aside)
        try:
            aside.rename(folder)
        except OSError:
            # Another process was faster.
            if not folder.is_dir():
                raise
    return folder


def _run_npm(node: Node, folder: Path) -> None:
    # npm's own scripts look for `node` on PATH.
    path = os.pathsep.join((str(Path(node.program).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        [*node.npm, "ci", *NPM_OPTIONS],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = "\n".join(done.stderr.strip().splitlines()[:ERROR_LINES])
        raise CommandError(
            f"npm could not install Prisma's CLI.\n{words}",
            "Check the network and npm's registry setting (`npm config get registry`), then run the command again.",
        )
