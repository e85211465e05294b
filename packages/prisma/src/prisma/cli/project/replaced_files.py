"""Writes files as a whole or not at all: a full disk or an interrupt leaves what was there."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.cli.project.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping


def replace_files(texts: Mapping[Path, str]) -> None:
    """Write the texts, each into its file; folders that are missing are made.

    All of them are on the disk, beside their places, before the first takes its place.

    Raises:
        CommandError: a file may not be written to.
        OSError: the folder may not, or the disk is full.
    """
    with ExitStack() as stack:
        ready = [_written_beside(path.resolve(), text, stack) for path, text in texts.items()]
        for new, path in ready:
            new.replace(path)


def _written_beside(path: Path, text: str, stack: ExitStack) -> tuple[Path, Path]:
    if path.exists() and not os.access(path, os.W_OK):
        raise CommandError(f"You may not write to {path}.", "Change its permissions, or use --print.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".prisma-", encoding="utf-8", delete=False) as file:
        new = Path(file.name)
        stack.callback(new.unlink, missing_ok=True)
        file.write(text)
    if path.exists():
        shutil.copymode(path, new)
    else:
        # What `open` would have given it.
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
    return new, path
