"""Loads the package's WebAssembly modules, which were compiled when the package was built.

Loading one takes a millisecond, and nothing is written. The files are as trusted as the package's Python files; code
from anywhere else is never loaded.
"""

from __future__ import annotations

import atexit
import json
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.frozen import Frozen
from prisma.wasm.errors import ModuleMismatchError
from prisma.wasm.runtime import engine

if TYPE_CHECKING:
    from wasmtime import Module

FOLDER = Path(__file__).parent / "binaries"
MANIFEST = "manifest.json"

_lock = threading.Lock()
_modules: dict[str, Module] = {}


class Manifest(Frozen):
    """What the modules were made from and for.

    `prisma` is the version of the npm package that they come from, `integrity` the hash of its archive, and `wasmtime`
    the version that compiled them.
    """

    prisma: str
    integrity: str
    wasmtime: str


@lru_cache(maxsize=1)
def manifest() -> Manifest:
    """Return the manifest of the package's modules.

    Raises ModuleMismatchError if the package holds none.
    """
    try:
        facts = json.loads((FOLDER / MANIFEST).read_text(encoding="ascii"))
        return Manifest(facts["prisma"], facts["integrity"], facts["wasmtime"])
    except FileNotFoundError as error:
        raise ModuleMismatchError(MANIFEST, "the installed package does not hold it") from error
    except (ValueError, KeyError) as error:
        raise ModuleMismatchError(MANIFEST, "the file is damaged") from error


def load(name: str) -> Module:
    """Return the module `name`; it runs on `runtime.engine()`.

    Raises ModuleMismatchError if it can't be loaded.
    """
    with _lock:
        if name not in _modules:
            _modules[name] = _load(name)
        return _modules[name]


@atexit.register
def forget() -> None:
    """Drop the loaded modules.

    At exit this runs before Python clears wasmtime's own modules, which its objects need when they are freed.
    """
    with _lock:
        _modules.clear()
        engine.cache_clear()


def _load(name: str) -> Module:
    from wasmtime import Module, WasmtimeError

    path = FOLDER / f"{name}.cwasm"
    if sys.byteorder != "little" or sys.maxsize <= 1 << 32:
        fix = "Run the program in a 64-bit Python on a little-endian processor, such as x86-64 or ARM64."
        raise ModuleMismatchError(path.name, "it is code for 64-bit little-endian processors", fix)
    if not path.is_file():
        raise ModuleMismatchError(path.name, "the installed package does not hold it")
    try:
        return Module.deserialize_file(engine(), str(path))
    except WasmtimeError as error:
        raise _mismatch(path.name, error) from error


def _mismatch(file: str, error: Exception) -> ModuleMismatchError:
    # Imported where it is needed: it takes as long as a module takes to load.
    from importlib.metadata import version

    made_for, installed = manifest().wasmtime, version("wasmtime")
    if major(made_for) == major(installed):
        return ModuleMismatchError(file, f"the file is damaged ({str(error).splitlines()[0]})")
    problem = f"it was compiled for wasmtime {major(made_for)}, and wasmtime {installed} is installed"
    return ModuleMismatchError(file, problem, f"Run `pip install 'wasmtime=={major(made_for)}.*'`.")


def major(version: str) -> str:
    """Return the first part of a version: code that one release of wasmtime compiled runs on those of its major."""
    return version.partition(".")[0]
