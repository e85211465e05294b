"""The models of the schema, from the generated client."""

# pyright: reportMissingImports=false, reportWildcardImportFromLibrary=false

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._generated.models import *  # noqa: F403
else:
    import sys

    from prisma.generated import load

    sys.modules[__name__] = load("models")
