"""Compiled WebAssembly modules, kept on disk between processes.

Compiling a module takes seconds; loading a compiled one takes milliseconds. A compiled module is native code, and
loading it runs it with our rights. So a file is only loaded if it, and the folder that holds it, belong to this user or
to root (who can do anything to us anyway: an image built as root and run as somebody else is the usual case) and nobody
else may write to them. wasmtime itself refuses files of another version, configuration or processor.

Nothing here may stop a query: without a usable folder every process compiles for itself.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import platform
import stat
import sys
import tempfile
import threading
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ModuleMismatchError
from .wasm_runtime import engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from wasmtime import Module

WASM_FOLDER = Path(__file__).parent / "wasm"
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
# 64 bits of the module's hash: this names a file, it does not protect it.
HASH_DIGITS = 16

_lock = threading.Lock()
_modules: dict[str, Module] = {}


def cache_folder() -> Path | None:
    """Return the user's cache folder for this package (`PRISMA_CACHE_DIR` wins), or None where there is no home."""
    chosen = os.environ.get("PRISMA_CACHE_DIR")
    if chosen:
        return Path(chosen)
    try:
        return _platform_cache() / "prisma-python"
    except RuntimeError:
        return None


def load_file(name: str) -> Module:
    """Return the module in the package's file `name`, compiled now if it is in no cache.

    Raises ModuleMismatchError if the package holds no such file.
    """
    path = WASM_FOLDER / name
    with _lock:
        if name not in _modules:
            try:
                source = path.read_bytes()
            except FileNotFoundError as error:
                raise ModuleMismatchError(name, "the installed package does not hold it") from error
            _modules[name] = _load(path.stem, source)
        return _modules[name]


def load_text(name: str, text: str) -> Module:
    """Return the module that `text` describes in WebAssembly's text format."""
    with _lock:
        if name not in _modules:
            _modules[name] = _load(name, text.encode())
        return _modules[name]


@atexit.register
def forget() -> None:
    """Drop what this process holds, so that the next use reads the cache again.

    At the end of the process this comes before wasmtime's own modules are taken apart, which its objects need to go.
    """
    with _lock:
        _modules.clear()
        engine.cache_clear()


def _load(name: str, source: bytes) -> Module:
    from wasmtime import Module

    folder = cache_folder()
    path = folder / "wasm" / _file_name(name, source) if folder else None
    if path is not None:
        kept = _read(path)
        if kept is not None:
            return kept
    module = Module(engine(), source)
    if path is not None:
        with contextlib.suppress(OSError):
            _write(path, bytes(module.serialize()))
    return module


def _read(path: Path) -> Module | None:
    from wasmtime import Module, WasmtimeError

    if not (_is_trusted(path.parent, stat.S_ISDIR) and _is_trusted(path, stat.S_ISREG)):
        return None
    try:
        return Module.deserialize_file(engine(), str(path))
    except (WasmtimeError, UnicodeEncodeError):
        return None


def _write(path: Path, compiled: bytes) -> None:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(compiled)
            # wasmtime keeps no checksum: after a power cut the name must not stand for a file with holes.
            file.flush()
            os.fsync(file.fileno())
        # Not secret, and a process of another user may load what root wrote.
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _is_trusted(path: Path, has_kind: Callable[[int], bool]) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False
    if sys.platform == "win32":
        return has_kind(facts.st_mode)
    return has_kind(facts.st_mode) and facts.st_uid in {0, os.geteuid()} and not facts.st_mode & WRITABLE_BY_OTHERS


def _file_name(name: str, source: bytes) -> str:
    return f"{name}-{hashlib.sha256(source).hexdigest()[:HASH_DIGITS]}-{_suffix()}"


@lru_cache(maxsize=1)
def _suffix() -> str:
    return f"wasmtime-{version('wasmtime')}-{sys.platform}-{platform.machine().lower()}.cwasm"


def _platform_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
