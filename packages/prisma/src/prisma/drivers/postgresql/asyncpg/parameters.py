"""Parameters of asyncpg's statements: the rules that its binary encoders need in addition to the common ones."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Final

from prisma.drivers.postgresql.asyncpg.calendar_limits import day, moment
from prisma.drivers.postgresql.parameters import Parameters, numeric

if TYPE_CHECKING:
    from prisma.drivers.postgresql.parameters import Rule, ServerType

MAX_KNOWN_SIGNATURES = 1024  # tuples of types; a program has some hundred statements with far fewer signatures


def _real(value: object) -> object:
    if isinstance(value, int | float | Decimal | str):
        # The server refuses what is too great or too small for four bytes; asyncpg would send zero for the latter.
        number = float(value)
        if number != 0 and _FOUR_BYTES.unpack(_FOUR_BYTES.pack(number))[0] == 0:
            raise OverflowError("too small for four bytes")
        return number
    return value


def _number(value: object) -> Decimal:
    number = numeric(value)
    # The server refuses such numbers; asyncpg would send zero for some, and calls the others invalid.
    if number.is_finite() and not (_LEAST <= number.adjusted() <= _GREATEST):
        raise OverflowError("outside the numbers that numeric holds")
    return number


# Powers of ten.
_GREATEST: Final = 131_071
_LEAST: Final = -16_383
# In the standard byte orders only, a number that is too great is an error.
_FOUR_BYTES: Final = Struct("<f")
_RULES: Final[dict[str, Rule]] = {
    "float4": (None, _real),
    "numeric": (None, _number),
    "timestamp": (None, moment),
    "timestamptz": (None, moment),
    "date": (None, day),
}


@lru_cache(MAX_KNOWN_SIGNATURES)
def parameters_of(types: tuple[ServerType, ...]) -> Parameters:
    """Return the parameters for a statement with placeholders of these types."""
    return Parameters(types, _RULES)
