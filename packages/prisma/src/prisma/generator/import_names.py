"""Says under which names a folder can be imported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def import_names(folder: Path) -> Iterator[str]:
    """Yield the names that a folder, whose path is whole, has as a package, in the order of `sys.path`."""
    for entry in dict.fromkeys(Path(entry).resolve() for entry in sys.path):
        if folder.is_relative_to(entry):
            parts = folder.relative_to(entry).parts
            if parts and all(part.isidentifier() for part in parts):
                yield ".".join(parts)
