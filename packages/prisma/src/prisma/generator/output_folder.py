"""Writes the output folder, as a whole or not at all.

The new folder is prepared next to the old one, and the two are swapped by renaming. Unchanged files keep their times,
so that build tools and type checkers see no change. Files of other programs in the folder are kept.

The modules are compiled at once, as `python -m compileall` would: the first import of a large client takes five times
as long without, and a program in a container may not write what it compiles. Python's own switches prevent it:
`PYTHONDONTWRITEBYTECODE` and `PYTHONPYCACHEPREFIX`.
"""

from __future__ import annotations

import py_compile
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from prisma.errors import GeneratorError
from prisma.generator.writer import HEADER

_CACHE = "__pycache__"


def write_folder(folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Make `folder` hold the files, by name, and return the paths of those that were new or different.

    Files that an earlier run generated and this one does not are removed.

    Raises:
        GeneratorError: the folder can't be written, or holds something that the generator did not make. Then it is
            unchanged.
    """
    old = _generated(folder)
    changed = tuple(name for name, text in files.items() if old.get(name) != text)
    if not changed and old.keys() == files.keys():
        return ()
    try:
        _replace(folder, files, unchanged=files.keys() - set(changed), stale=old.keys() - files.keys())
    except OSError as error:
        raise GeneratorError(
            f"The client can't be written to {folder}: {error.strerror or error}. Make the folder writable for "
            'the user who runs `prisma generate`, or choose another one with `output = "PATH"` in the generator block.'
        ) from error
    return tuple(folder / name for name in changed)


def _generated(folder: Path) -> dict[str, str]:
    """Return the text of every generated file in the folder.

    Raises:
        GeneratorError: the folder is in use for something else.
    """
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise GeneratorError(f"The client can't be written to {folder}: that is a file. Choose another `output`.")
    texts = {file.name: _text(file) for file in folder.glob("*.py")}
    generated = {name: text for name, text in texts.items() if text.startswith(HEADER)}
    if not generated and any(entry.name != _CACHE for entry in folder.iterdir()):
        raise GeneratorError(
            f"The client can't be written to {folder}: the folder holds files that `prisma generate` did not make. "
            "Choose another `output`, or empty the folder first."
        )
    return generated


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _replace(folder: Path, files: Mapping[str, str], unchanged: set[str], stale: set[str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Next to the folder, as only there renaming is certain to stay within one file system.
    workshop = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new, old = workshop / "new", workshop / "old"
        new.mkdir()
        for name, text in files.items():
            if name in unchanged:
                shutil.copy2(folder / name, new / name)
            else:
                (new / name).write_text(text, encoding="utf-8")
        _compile(new, files, folder)
        _swap(folder, new, old, kept=lambda name: name not in files and name not in stale and name != _CACHE)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _compile(new: Path, names: Iterable[str], folder: Path) -> None:
    """Compile modules for the folder where they will be."""
    if sys.dont_write_bytecode or sys.pycache_prefix:
        return
    for name in names:
        py_compile.compile(str(new / name), dfile=str(folder / name), quiet=2)


def _swap(folder: Path, new: Path, old: Path, kept: Callable[[str], bool]) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    folder.rename(old)
    try:
        new.rename(folder)
        for entry in list(old.iterdir()):
            if kept(entry.name):
                entry.rename(folder / entry.name)
    except BaseException:
        with suppress(OSError):
            if folder.exists():
                shutil.rmtree(folder)
            old.rename(folder)
        raise
