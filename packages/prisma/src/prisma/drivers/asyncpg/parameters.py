"""Parameters of asyncpg's statements: the rules that its binary encoders need beside the common ones."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from asyncpg.types import BitString

from prisma.drivers.parameters import Parameters

if TYPE_CHECKING:
    from prisma.drivers.parameters import Rule, ServerType

MAX_KNOWN_SIGNATURES = 1024  # tuples of types; a program has some hundred statements with far fewer signatures


def _bits(value: object) -> object:
    return BitString(cast("Any", value)) if isinstance(value, str) else value


_RULES: Final[dict[str, Rule]] = dict.fromkeys(("bit", "varbit"), (None, _bits))


@lru_cache(MAX_KNOWN_SIGNATURES)
def parameters_of(types: tuple[ServerType, ...]) -> Parameters:
    """Return the parameters for a statement with placeholders of these types."""
    return Parameters(types, _RULES)
