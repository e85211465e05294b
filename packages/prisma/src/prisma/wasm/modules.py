"""Loads WebAssembly modules, compiled once and kept on disk between processes.

Compiling a module takes seconds; loading a compiled one takes milliseconds. A compiled module is native code, so
`cache_files` decides which files may be loaded. wasmtime itself refuses files of another version, configuration or
processor.

A cache that can't be used is no error: then every process compiles for itself, after a warning.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import platform
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.wasm.cache_files import cache_folder, is_trusted, write_whole
from prisma.wasm.errors import ModuleMismatchError
from prisma.wasm.runtime import engine, portable_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from wasmtime import Engine, Module

log = logging.getLogger(__name__)

WASM_FOLDER = Path(__file__).parent / "binaries"
# 64 bits of a hash are enough: it names a file and protects nothing.
HASH_DIGITS = 16

_lock = threading.Lock()
_modules: dict[str, Module] = {}


def load_file(name: str) -> Module:
    """Return the module in the package's file `name`, compiled now if it is in no cache.

    Raises ModuleMismatchError if the package holds no such file.
    """
    return _load_file(engine(), name)


def load_portable(name: str) -> Module:
    """Return the module in the package's file `name`, compiled to portable code: only `portable_engine()` runs it.

    Raises ModuleMismatchError if the package holds no such file.
    """
    return _load_file(portable_engine(), name)


def _load_file(engine: Engine, name: str) -> Module:
    path = WASM_FOLDER / name
    with _lock:
        if name not in _modules:
            try:
                _modules[name] = _load(engine, path.stem, json.dumps(identity(name)), path.read_bytes)
            except FileNotFoundError as error:
                raise ModuleMismatchError(name, "the installed package does not hold it") from error
        return _modules[name]


def load_text(name: str, text: str) -> Module:
    """Return the module that `text` describes in WebAssembly's text format."""
    with _lock:
        if name not in _modules:
            _modules[name] = _load(engine(), name, text, text.encode)
        return _modules[name]


def identity(name: str) -> tuple[object, ...]:
    """Return a value that differs for every version of the package's file `name`, without reading all of the file.

    Raises FileNotFoundError.
    """
    path = WASM_FOLDER / name
    size = path.stat().st_size
    try:
        # The hash of the archive that the file was taken from.
        return (WASM_FOLDER / "integrity").read_text("ascii"), size
    except FileNotFoundError:
        return hashlib.sha256(path.read_bytes()).hexdigest(), size


@atexit.register
def forget() -> None:
    """Drop the loaded modules, so that the next use reads the cache again.

    At exit this runs before Python clears wasmtime's own modules, which its objects need when they are freed.
    """
    with _lock:
        _modules.clear()
        engine.cache_clear()
        portable_engine.cache_clear()


def _load(engine: Engine, name: str, facts: str, source: Callable[[], bytes]) -> Module:
    """Return a module from the cache; `facts` tell its versions apart, `source` reads one that is not cached."""
    from wasmtime import Module

    folder = cache_folder()
    path = folder / "wasm" / _file_name(name, facts) if folder else None
    if path is not None:
        kept = _read(engine, path)
        if kept is not None:
            return kept
    module = Module(engine, source())
    if path is None:
        _warn("there is no home folder")
        return module
    try:
        # Durable, because wasmtime keeps no checksum: after a power cut the file must not have holes.
        # Readable by all, because processes of other users may load a file that root wrote.
        write_whole(path, bytes(module.serialize()), mode=0o644, durable=True)
    except OSError as error:
        _warn(f"{folder} can't be written: {error.strerror or error}")
    return module


@lru_cache(maxsize=1)
def _warn(reason: str) -> None:
    """Warn that each start will take seconds more; once, although there are several modules."""
    log.warning(
        "Compiled modules are not kept, so each process compiles them again: %s. "
        "Set PRISMA_CACHE_DIR to a folder that this user may write.",
        reason,
    )


def _read(engine: Engine, path: Path) -> Module | None:
    from wasmtime import Module, WasmtimeError

    if not is_trusted(path):
        return None
    try:
        return Module.deserialize_file(engine, str(path))
    except (WasmtimeError, UnicodeEncodeError):
        return None


def _file_name(name: str, facts: str) -> str:
    return f"{name}-{hashlib.sha256(facts.encode()).hexdigest()[:HASH_DIGITS]}-{_suffix()}"


@lru_cache(maxsize=1)
def _suffix() -> str:
    from importlib.metadata import version

    return f"wasmtime-{version('wasmtime')}-{sys.platform}-{platform.machine().lower()}.cwasm"
