"""The types for amounts of money, which are text in JSON, because many parsers make numbers inexact."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")


def _plain(value: Any) -> Any:
    # Python's Decimal also takes underscores, blanks and the digits of other scripts.
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("must be a number in plain digits, such as 12.50")
    return value


_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_Number = Annotated[Decimal, BeforeValidator(_plain)]

# The precision of the columns: Decimal(10,2) for bills, Decimal(10,6) for the cost of usage.
Amount = Annotated[_Number, Field(ge=0, max_digits=10, decimal_places=2, examples=["12.50"])]
PositiveAmount = Annotated[_Number, Field(ge=CENT, max_digits=10, decimal_places=2, examples=["12.50"])]
Cost = Annotated[_Number, Field(ge=0, max_digits=10, decimal_places=6, examples=["0.000125"])]

# Responses show all places of the column; the client returns 10.5 for 10.50.
AmountShown = Annotated[Decimal, AfterValidator(lambda amount: amount.quantize(CENT))]
CostShown = Annotated[Decimal, AfterValidator(lambda cost: cost.quantize(MICRO))]


def with_places(row: dict[str, Any], column: str, places: Decimal) -> dict[str, Any]:
    """Return a row whose amount, if it has one, has the places of its column."""
    return {**row, column: row[column].quantize(places)} if column in row else row
