"""Writes the typed dictionaries to `prisma/types.py` of an installed package, for programs that parse that file.

The client in `_generated` then takes its types from there. A checkout of this package keeps its own file, which gives
the generated module as `prisma/models.py` and the others do.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from prisma.errors import GeneratorError
from prisma.generator.writer import HEADER

NAME: Final = "types.py"

# How the types of a large schema say where their modules are.
_PACKAGE: Final = '__name__.rpartition(".")[0]'

_REFERENCE: Final = f'''{HEADER}
"""The shapes of arguments and of plain results, which stand in `prisma/types.py`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prisma.types import *
else:
    import sys

    from prisma import types
    from prisma.errors import ClientNotGeneratedError

    if not hasattr(types, "SortOrder"):
        raise ClientNotGeneratedError("The package was installed anew after `prisma generate`: run it again.")
    sys.modules[__name__] = types
'''


def is_installed(package: Path) -> bool:
    """Return whether a package folder is an installed one, and no checkout."""
    return not (package.parents[1] / "pyproject.toml").exists()


def move_types(files: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return a client's files with a reference in place of the types, and the text of the types.

    The modules that the types of a large schema are in stay with the client.
    """
    return {**files, NAME: _REFERENCE}, files[NAME].replace("from .types_", "from ._generated.types_").replace(
        _PACKAGE, '"prisma._generated"'
    )


def write_types(package: Path, text: str) -> bool:
    """Make `types.py` of a package hold the text, at once or not at all; return whether that changed it.

    Raises:
        GeneratorError: the file can't be written.
    """
    file = package / NAME
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    try:
        handle, name = tempfile.mkstemp(prefix=".types-", dir=package)
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
        Path(name).chmod(file.stat().st_mode if file.exists() else 0o644)
        Path(name).replace(file)
    except OSError as error:
        raise GeneratorError(
            f"The types can't be written to {file}: {error.strerror or error}. Make the folder writable for the user "
            'who runs `prisma generate`, or choose another one with `output = "PATH"` in the generator block.'
        ) from error
    return True
