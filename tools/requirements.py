"""Write requirements.txt and requirements-build.txt: what the image installs, and what builds it.

Each package has its version and the hashes of its files. The files hold no address of a registry, so they can be part
of the repository, unlike uv.lock. `--check` fails if they no longer fit pyproject.toml; without network, but after
`uv sync`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The service with traces, without tools, benchmarks and the embedded PostgreSQL; and what makes the client's wheel.
SELECTIONS = {
    "requirements.txt": ("--no-default-groups", "--group", "otel"),
    "requirements-build.txt": ("--only-group", "image"),
}
HEADERS = {
    "requirements.txt": """\
# What production installs, with hashes. After a change of dependencies: uv run python tools/requirements.py
# The package `prisma` is not here: the image builds it from packages/prisma.
""",
    "requirements-build.txt": """\
# What builds the image, with hashes. After a change of dependencies: uv run python tools/requirements.py
""",
}
_HASHES = re.compile(r" \\\n    --hash=\S+")


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or check them; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the files do not fit")
    check = parser.parse_args(arguments).check
    fits = True
    for name in SELECTIONS:
        if check:
            fits &= check_file(name)
        else:
            (ROOT / name).write_text(HEADERS[name] + exported(name), encoding="utf-8")
    return int(not fits)


def check_file(name: str) -> bool:
    """Return whether a file fits pyproject.toml; print each difference."""
    text = (ROOT / name).read_text(encoding="utf-8").removeprefix(HEADERS[name])
    expected, found = (set(pins(each).splitlines()) for each in (exported(name, "--locked", "--offline"), text))
    for line in sorted(expected ^ found):
        print(f"{'missing' if line in expected else 'too much'} in {name}: {line}")
    return expected == found


def exported(name: str, *options: str) -> str:
    """Return the requirements of a file as uv resolves them."""
    words = ["uv", "export", "--quiet", *SELECTIONS[name], "--no-emit-workspace", "--no-annotate", "--no-header"]
    return subprocess.run([*words, *options], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def pins(text: str) -> str:
    """Return requirements without hashes: those of files for other platforms may be added at any time."""
    return _HASHES.sub("", text)


if __name__ == "__main__":
    raise SystemExit(main())
