"""The types of arguments and of plain results, from the generated client."""

# pyright: reportMissingImports=false, reportWildcardImportFromLibrary=false

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._generated.types import *  # noqa: F403
else:
    import sys

    from prisma.generated import load

    sys.modules[__name__] = load("types")
