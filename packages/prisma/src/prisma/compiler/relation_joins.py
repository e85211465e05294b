"""The preview feature `relationJoins`: with it, the compiler can write one statement for records and their relations.

Without it, a request has no `relationLoadStrategy`, and every relation is a statement of its own.
"""

from __future__ import annotations

import re
from typing import Final

from prisma.dialects import dialect_of

FEATURE: Final = "relationJoins"

_PREVIEW: Final = re.compile(rf'^[ \t]*previewFeatures\s*=\s*\[[^\]\n]*"{FEATURE}"', re.MULTILINE)
_BLOCK: Final = f"""
generator {FEATURE} {{
  provider        = "prisma-client-py"
  previewFeatures = ["{FEATURE}"]
}}
"""


def asks_for_joins(datamodel: str) -> bool:
    """Say whether a generator of a schema has the feature."""
    return _PREVIEW.search(datamodel) is not None


def with_joins(datamodel: str, provider: str) -> str:
    """Return a schema's text as the compiler gets it: with the feature, where the client chooses what is joined."""
    if not dialect_of(provider).chooses_joins or asks_for_joins(datamodel):
        return datamodel
    # The compiler knows every feature that one of the generators has. A block at the end moves no line.
    return f"{datamodel.rstrip()}\n{_BLOCK}"
