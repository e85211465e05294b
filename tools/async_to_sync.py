"""Make the synchronous client and connections, and the storm's operations, from the asynchronous ones.

    python tools/async_to_sync.py           write the files
    python tools/async_to_sync.py --check   fail if a file is not what it would be, or a substitution matches nothing

What a substitution can't express is in modules that exist on both sides, written by hand, or on one: `BY_HAND`.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "packages" / "prisma" / "src" / "prisma"

PARTS = ("client", "drivers", "drivers/postgresql", "drivers/postgresql/psycopg", "drivers/sqlite", "drivers/mysql")
FOLDERS = (*(SOURCE / name for name in PARTS), ROOT / "benchmarks" / "storm")
BY_HAND = frozenset(
    {
        "client/_async/batching.py", "client/_async/compilation.py", "client/_async/decoding.py",
        "client/_async/fluent.py", "client/_async/pools.py", "client/_async/threads.py", "client/_async/waiting.py",
        "drivers/_async/loop_connections.py", "drivers/_async/pool.py",
        "drivers/postgresql/psycopg/_async/waiting.py", "drivers/sqlite/_async/worker.py",
        "drivers/mysql/_async/session.py",
    }
)  # fmt: skip

HEADER = "# Made by tools/async_to_sync.py from {source}: change that file and run the tool.\n"

# What to replace, in this order; `\1` is the first group. Comments and docstrings are meant as well.
SUBSTITUTIONS = {
    r"\basync def ": "def ",
    r"\basync with ": "with ",
    r"\basync for ": "for ",
    r"\bawait ": "",
    r"\bAwaitable\[((?:[^\[\]]|\[[^\[\]]*\])*)\]": r"\1",
    r"\bCoroutine\[Any, Any, ((?:[^\[\]]|\[[^\[\]]*\])*)\]": r"\1",
    r" *@coroutine_function\n": "",
    r" *_fluent: Any\n": "",
    r"\b_fluent\(\s*self,\s*": "_query(",
    r"\bAbstractAsyncContextManager\b": "AbstractContextManager",
    r"\bAsyncGenerator\[(\w+), None\]": r"Generator[\1, None, None]",
    r"\bAsyncGenerator\b": "Generator",
    r"\bAsync([A-Z]\w*)": r"Sync\1",
    r"\bTransactionManager\b": "SyncTransactionManager",
    r"\b__aenter__\b": "__enter__",
    r"\b__aexit__\b": "__exit__",
    r"\._async\b": "._sync",
    r'"asyncpg"': '"psycopg"',
    r"\basynchronous\b": "synchronous",
}

_ASYNCHRONOUS = (ast.AsyncFunctionDef, ast.AsyncWith, ast.AsyncFor, ast.Await)


def pairs() -> list[tuple[Path, Path]]:
    """Return each file that is read with the one that is written."""
    return [
        (path, folder / "_sync" / path.name)
        for folder in FOLDERS
        for path in sorted((folder / "_async").glob("*.py"))
        if path.stem != "__init__" and name(path) not in BY_HAND
    ]


def name(path: Path) -> str:
    """Return what a file is called in what is made from it."""
    return path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT).as_posix()


def orphans() -> list[Path]:
    """Return the files that were made from a file which is gone."""
    start = HEADER.partition("{")[0]
    made = {target for _, target in pairs()}
    files = (path for folder in FOLDERS for path in (folder / "_sync").glob("*.py"))
    return [path for path in files if path not in made and path.read_text(encoding="utf-8").startswith(start)]


def translate(text: str, source: str, used: set[str]) -> str:
    """Return the synchronous form of a module; note in `used` which substitutions matched."""
    for pattern, replacement in SUBSTITUTIONS.items():
        text, count = re.subn(pattern, replacement, text)
        if count:
            used.add(pattern)
    left = [node for node in ast.walk(ast.parse(text)) if isinstance(node, _ASYNCHRONOUS)]
    if left or re.search(r"\basyncio\b", text):
        raise SystemExit(f"{source} has something that can't be made synchronous: move it to a module for each side.")
    return formatted(HEADER.format(source=source) + text)


def formatted(text: str) -> str:
    """Return the text without imports that lost their use, in the project's format."""
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--fix-only", "--quiet", "--select", "F401,I,UP034"], ["format", "--quiet"]):
        text = subprocess.run(
            [*ruff, *command, "--stdin-filename", str(SOURCE / "made.py"), "-"],
            input=text, capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout  # fmt: skip
    return text


def main(arguments: list[str]) -> int:
    used: set[str] = set()
    stale: list[Path] = []
    for source, target in pairs():
        text = translate(source.read_text(encoding="utf-8"), name(source), used)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(target)
        if "--check" not in arguments:
            target.write_text(text, encoding="utf-8")
            print(f"wrote {target.relative_to(ROOT)}")
    for path in orphans():
        stale.append(path)
        if "--check" not in arguments:
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")
    idle = [pattern for pattern in SUBSTITUTIONS if pattern not in used]
    if idle:
        print("These substitutions match nothing any more:", *idle, sep="\n  ")
    if stale and "--check" in arguments:
        paths = (str(path.relative_to(ROOT)) for path in stale)
        print("Run python tools/async_to_sync.py: these files are not up to date:", *paths, sep="\n  ")
    return 1 if idle or (stale and "--check" in arguments) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
