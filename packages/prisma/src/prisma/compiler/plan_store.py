"""The plan store: compiled plans on disk, shared between processes.

A new process finds the plans of all shapes that any process has compiled before; if none is missing, the compiler is
never started. One file holds the plans of one shape, as the compiler wrote them: passes are applied after reading, so a
new release of this package can use old files. The name of the folder depends on everything else that plans depend on:
the compiler's module, the schema, and this format. A file has a checksum and is written at once, so any number of
processes may read and write at the same time. `prisma.wasm.cache_files` decides which files may be read.

Nothing here may stop a query: a plan that can't be read is compiled, and one that can't be written is not kept.
"""

from __future__ import annotations

import contextlib
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prisma.frozen import Frozen
from prisma.wasm.cache_files import cache_folder, is_trusted, write_whole
from prisma.wasm.errors import ModuleMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from prisma.compiler.query_compiler import QueryCompiler

Plan: TypeAlias = Any
"""The compiler's JSON for one request."""

FORMAT: Final = 1
MAX_PLANS: Final = 2000
"""Files of one schema; when there are more, the oldest quarter goes."""
MAX_BYTES: Final = 1 << 20
"""Bytes of one file; each process compiles larger plans itself."""
MAX_SCHEMAS: Final = 32
"""Folders; while a schema is being worked on, every state of it gets one."""
MAX_WRITES: Final = 1000
"""Files that one process writes: a program whose shapes never repeat must not write all the time."""
_LOOK_AGAIN: Final = 100
# A request may hold data that no placeholder can replace, e.g. the text of a JSON filter: only this user may read it.
_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o644
# 128 bits of a hash: two shapes do not share a file. If they did, the requests in it would tell.
_DIGITS: Final = 32


class Kept(Frozen):
    """One file: the requests of a shape and their plans, for tables in one database schema."""

    schema_name: str
    requests: tuple[str, ...]
    plans: list[Plan]


class PlanStore:
    """Answers the requests of one schema from the disk, or from the compiler.

    With `is_used` False nothing is read or written.
    """

    def __init__(self, compiler: QueryCompiler, *, is_used: bool = True) -> None:
        self._compiler = compiler
        self._folder = _folder(compiler) if is_used else None
        self._writes = 0

    def compile(self, *requests: str) -> list[Plan]:
        """Return the plans for the requests that make up one shape.

        Raises as `QueryCompiler.compile` does.
        """
        path = self._path(requests)
        kept = None if path is None else _read(path)
        if kept is not None and kept.requests == requests and kept.schema_name == self._compiler.schema_name:
            return kept.plans
        plans = [self._compiler.compile(request) for request in requests]
        if path is not None and self._writes < MAX_WRITES:
            try:
                self._write(path, Kept(self._compiler.schema_name, requests, plans), _PRIVATE)
            except OSError:
                # A full or read-only disk stays so: do not try again for each shape.
                self._writes = MAX_WRITES
        return plans

    def renew(self, *requests: str) -> None:
        """Compile a shape and keep it, readable for everybody.

        Raises as `QueryCompiler.compile` does, and OSError if it can't be kept.
        """
        plans = [self._compiler.compile(request) for request in requests]
        path = self._path(requests)
        if path is not None:
            self._write(path, Kept(self._compiler.schema_name, requests, plans), _PUBLIC)

    def kept(self) -> Iterator[Kept]:
        """Yield all files of the schema, for every database schema; remove those that can't be read."""
        for path in sorted(self._folder.glob("*.json")) if self._folder is not None else ():
            kept = _read(path)
            if kept is not None:
                yield kept
            else:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _path(self, requests: Sequence[str]) -> Path | None:
        if self._folder is None:
            return None
        key = json.dumps([self._compiler.schema_name, requests])
        return self._folder / f"{sha256(key.encode()).hexdigest()[:_DIGITS]}.json"

    def _write(self, path: Path, kept: Kept, mode: int) -> None:
        text = {"schemaName": kept.schema_name, "requests": kept.requests, "plans": kept.plans}
        body = json.dumps(text, separators=(",", ":")).encode()
        if len(body) > MAX_BYTES:
            return
        if not self._writes:
            _drop_oldest(path.parent.parent, MAX_SCHEMAS)
        if self._writes % _LOOK_AGAIN == 0:
            _drop_oldest(path.parent, MAX_PLANS)
        self._writes += 1
        write_whole(path, f"{sha256(body).hexdigest()}\n".encode() + body, mode=mode)


def _folder(compiler: QueryCompiler) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    try:
        facts = json.dumps([FORMAT, *compiler.identity()])
    except ModuleMismatchError:
        return None
    return folder / "plans" / sha256(facts.encode()).hexdigest()[:_DIGITS]


def _read(path: Path) -> Kept | None:
    """Return what a file holds; None if it is not there, not ours, too long or damaged."""
    if not is_trusted(path):
        return None
    try:
        with path.open("rb") as file:
            checksum, body = file.readline().strip(), file.read(MAX_BYTES + 1)
    except OSError:
        return None
    if sha256(body).hexdigest().encode() != checksum:
        return None
    facts = json.loads(body)
    return Kept(facts["schemaName"], tuple(facts["requests"]), facts["plans"])


def _drop_oldest(folder: Path, limit: int) -> None:
    """Bring a folder that has reached its limit down to three quarters of it."""
    with contextlib.suppress(OSError):
        entries = list(folder.iterdir())
        if len(entries) < limit:
            return
        entries.sort(key=lambda path: path.lstat().st_mtime_ns)
        for path in entries[: len(entries) - limit * 3 // 4]:
            if path.is_dir() and not path.is_symlink():
                import shutil

                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
