"""Write requirements.txt: the packages that production installs, each with its version and the hashes of its files.

It holds no address of a registry, so it can be part of the repository, unlike uv.lock. `--check` fails if it no longer
fits pyproject.toml; without network, but after `uv sync`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "requirements.txt"
# What production installs: the service with traces, without tools, benchmarks and the embedded PostgreSQL.
SELECTION = ("--no-default-groups", "--group", "otel")
HEADER = """\
# What production installs, with hashes. After a change of dependencies: uv run python tools/requirements.py
# The package `prisma` is not here: the image builds it from packages/prisma.
"""
_HASHES = re.compile(r" \\\n    --hash=\S+")


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or check it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file does not fit")
    if not parser.parse_args(arguments).check:
        FILE.write_text(HEADER + exported(), encoding="utf-8")
        return 0
    expected, found = (set(pins(text).splitlines()) for text in (exported("--locked", "--offline"), read()))
    for line in sorted(expected ^ found):
        print(f"{'missing' if line in expected else 'too much'} in requirements.txt: {line}")
    return int(expected != found)


def exported(*options: str) -> str:
    """Return the requirements as uv resolves them."""
    words = ["uv", "export", "--quiet", *SELECTION, "--no-emit-workspace", "--no-annotate", "--no-header", *options]
    return subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def read() -> str:
    """Return the requirements of the file, without its comments."""
    return FILE.read_text(encoding="utf-8").removeprefix(HEADER)


def pins(text: str) -> str:
    """Return requirements without hashes: those of files for other platforms may be added at any time."""
    return _HASHES.sub("", text)


if __name__ == "__main__":
    raise SystemExit(main())
