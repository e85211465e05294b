"""`prisma version`: show the installed versions."""

from __future__ import annotations

import importlib.util
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from prisma.wasm.cache_files import cache_folder
from prisma.wasm.modules import manifest

# The extras of the distribution, each with a module that exists if it is installed.
EXTRAS = {"studio": "prisma_studio"}
# Names that programs read from the JSON of 0.15.0.
FORMER = frozenset({"expected-engine-version", "binary-cache-dir"})


def versions() -> dict[str, str | list[str]]:
    """Return the facts by name, in the order of the output."""
    return {
        "prisma": manifest().prisma,
        "prisma-client-python": version("prisma"),
        "query-compiler": manifest().prisma,
        "studio": _studio_version(),
        "python": platform.python_version(),
        "platform": f"{platform.system().lower()}-{platform.machine()}",
        "installed-extras": [name for name, module in EXTRAS.items() if importlib.util.find_spec(module)],
        "install-path": str(Path(__file__).parent.parent.parent),
        "cache-dir": str(cache_folder()),
        "expected-engine-version": manifest().prisma,
        "binary-cache-dir": str(cache_folder()),
    }


def _studio_version() -> str:
    try:
        return version("prisma-studio")
    except PackageNotFoundError:
        return "not installed"


def render(as_json: bool) -> str:
    """Return the facts as aligned lines, or as JSON."""
    facts = versions()
    if as_json:
        return json.dumps(facts, indent=2)
    facts = {name: fact for name, fact in facts.items() if name not in FORMER}
    names = {name: name.replace("-", " ") for name in facts}
    width = max(map(len, names.values()))
    return "\n".join(f"{names[name]:<{width}} : {fact}" for name, fact in facts.items())
