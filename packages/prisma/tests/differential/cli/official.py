"""The official command line, in a process of Node.js that answers many times."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from prisma.schema.files import read_schema
from prisma.schema.legacy import accepted
from prisma.schema.text import blocks, lines_of
from prisma.schema.urls import DEFAULT_URL, datasource_urls

ORACLE: Final = Path(__file__).parent / "oracle"
_EMPTY: Final = 'datasource db {{\n  provider = "{}"\n  url = "{}:"\n}}\n'
_CREATING: Final = ("db push", "migrate dev", "migrate reset")
# Nothing is downloaded, no server is called, and generators and seeds are not its work.
_ENVIRONMENT: Final = {
    "CHECKPOINT_DISABLE": "1",
    "PRISMA_HIDE_UPDATE_MESSAGE": "1",
    "PRISMA_MIGRATE_SKIP_GENERATE": "1",
    "PRISMA_MIGRATE_SKIP_SEED": "1",
}


class Official:
    """Prisma's command line; `modules` is the folder with its npm packages."""

    def __init__(self, node: str, modules: Path) -> None:
        # It only looks whether the files of its engines exist.
        engines = {"PRISMA_QUERY_ENGINE_LIBRARY": node, "PRISMA_SCHEMA_ENGINE_BINARY": node}
        self._process = subprocess.Popen(
            [node, "--no-deprecation", str(ORACLE / "oracle.mjs"), str(modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ.get("HOME", "/"),
                "NO_COLOR": "1",
                **_ENVIRONMENT,
                **engines,
            },
        )

    def run(self, words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
        """Run a command and return its exit code and what it wrote to the two streams."""
        words, settings = _settings(words, folder, environment)
        request = {"words": words, "folder": str(folder), "environment": dict(environment), "settings": settings}
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.flush()
        line = stdout.readline()
        assert line, "the official command line stopped; its words are above"
        answer = json.loads(line)
        return answer["code"], answer["out"], answer["err"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait()


def _settings(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[list[str], dict[str, Any]]:
    """Return the words and the settings of a run.

    The official command line refuses live databases in `migrate diff` beside an adapter. Such a side is given as empty,
    and the engine reads the adapter's database for it.
    """
    words = list(words)
    needs_database = words[1] != "diff" or "--from-migrations" in words
    url = environment["DATABASE_URL"]
    is_file = url.startswith("file:")
    empty = _EMPTY.format("sqlite", "file") if is_file else _EMPTY.format("postgresql", "postgresql")
    settings: dict[str, Any] = {
        "url": url if needs_database else None,
        "file": (url.removeprefix("file:") if needs_database else ":memory:") if is_file else None,
        "shadowUrl": None,
        "mayCreate": " ".join(words[:2]) in _CREATING,
        "live": None,
        "liveFiles": [{"path": "schema.prisma", "content": empty}],
        "schemas": {},
    }
    for side in ("from", "to"):
        if f"--{side}-url" in words:
            at = words.index(f"--{side}-url")
            settings |= {"live": side, "url": words[at + 1]}
            settings |= {"file": words[at + 1].removeprefix("file:")} if is_file else {}
            words[at : at + 2] = [f"--{side}-empty"]
    for word in words:
        path = folder / word
        if path.suffix == ".prisma" or (path / "main.prisma").exists():
            files = read_schema(path).files
            complete = str if datasource_urls(files).url else _with_default_url
            changed = {file: (text, complete(_accepted(text))) for file, text in files}
            settings["schemas"] |= {os.path.realpath(file): new for file, (old, new) in changed.items() if new != old}
            if datasource_urls(files).shadow_database_url:
                settings["shadowUrl"] = environment["SHADOW_DATABASE_URL"]
    return words, settings


def _accepted(text: str) -> str:
    """Return a schema in the form that release 6 accepts, which knows `metrics` and wants URLs."""
    kept = {line.number for kind in ("datasource", "generator") for line in lines_of(text, kind)}
    pairs = zip(text.split("\n"), accepted(text).split("\n"), strict=True)
    return "\n".join(line if number in kept else new for number, (line, new) in enumerate(pairs, start=1))


def _with_default_url(text: str) -> str:
    """Return the schema with the line that a datasource without a URL means."""
    for block in blocks(text):
        if block.kind == "datasource" and block.closing:
            end = block.closing.tokens[0].start
            return f'{text[:end]}url = env("{DEFAULT_URL.env}")\n{text[end:]}'
    return text
