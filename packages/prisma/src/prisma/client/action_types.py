"""The types that differ from model to model in the actions: the parameters of the bases of generated classes.

A generated class gives them by position, in the order of this module: a view those up to `AggregateT`, a model the
others too. Actions are written once for all models that way, with their overloads.

An action that answers with records has four overloads. Without `select` and `omit` records are models; with one of them
they are dictionaries, and if `select` is a class, they are its instances. No overload accepts a call that another
accepts. Only for the two with `select` a type checker has to look at more than the names of the arguments: for all
other calls it compares one overload, and reports a mistake as it would for a single signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

ShapeT = TypeVar("ShapeT")
"""The class that a call gives as `select`; no parameter of a base."""

ModelT = TypeVar("ModelT", bound=BaseModel)
"""The class of records."""
FoundT = TypeVar("FoundT")
"""What finding one record gives: a fluent query of `ModelT` or None; for threads, these."""
SureT = TypeVar("SureT")
"""The same where a missing record raises."""
WhereT = TypeVar("WhereT")
UniqueT = TypeVar("UniqueT")
IncludeT = TypeVar("IncludeT")
SelectT = TypeVar("SelectT", bound=Mapping[str, Any])
OmitT = TypeVar("OmitT")
RowT = TypeVar("RowT")
"""A record as a dictionary."""
OrderT = TypeVar("OrderT")
KeysT = TypeVar("KeysT")
"""The names of scalar fields."""
LoadT = TypeVar("LoadT")
"""How relations are loaded; `Never` where calls can't choose it."""
CountT = TypeVar("CountT")
CountedT = TypeVar("CountedT")
NumbersT = TypeVar("NumbersT")
"""The choice of numbers to be added up."""
AggregateT = TypeVar("AggregateT")

UpdateT = TypeVar("UpdateT")
UpdateManyT = TypeVar("UpdateManyT")
CreateT = TypeVar("CreateT")
RowCreateT = TypeVar("RowCreateT")
"""A record to create, without related ones."""
UpsertT = TypeVar("UpsertT")
