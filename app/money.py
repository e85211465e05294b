"""Money: exact amounts, which travel as text, because JSON's readers make numbers inexact."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

CENT = Decimal("0.01")

# The precision of the columns: Decimal(10,2) for what is billed, Decimal(10,6) for what usage costs.
Amount = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2, examples=["12.50"])]
PositiveAmount = Annotated[Decimal, Field(ge=CENT, max_digits=10, decimal_places=2, examples=["12.50"])]
Cost = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=6, examples=["0.000125"])]
