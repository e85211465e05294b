"""Missing relations: filters for a missing related record, if the foreign key has several fields.

The compiler finds records where all fields of the key are NULL. But a foreign key with any NULL field refers to no
record, and a required field is never NULL. So the filter must test for any NULL field.
"""

from __future__ import annotations

from collections.abc import Mapping

from prisma.client.request.codecs import ModelCodecs
from prisma.client.request.names import RELATION_FILTERS
from prisma.client.request.writer import members
from prisma.schema.metadata import Field


def is_misjudged(relation: Field) -> bool:
    """Say whether the compiler may take a record for one that has, or has not, a related one."""
    return len(relation.keys) > 1 and not relation.is_required


def telling_key(codecs: ModelCodecs, relation: Field, beside: Mapping[str, object]) -> str | None:
    """Return the field that is NULL in records without a related one; None if not one alone tells, or it is in use.

    `beside` has the other conditions of the same dictionary.
    """
    # A required field is never NULL, so it tells nothing.
    optional = [name for name in relation.keys if not codecs[name].field.is_required]
    return optional[0] if len(optional) == 1 and optional[0] not in beside else None


def asked(value: object) -> bool | None:
    """Return True for a filter that asks for no related record, False for one that asks for any, else None."""
    operators = members({"is": None} if value is None else value) or {}
    word = RELATION_FILTERS.get(next(iter(operators))) if len(operators) == 1 else None
    return word == "is" if word in {"is", "isNot"} and None in operators.values() else None


def by_record(value: object) -> object:
    """Return the filter without None: in its place it asks for the related record itself."""
    operators = members({"is": None} if value is None else value)
    if operators is None or not operators.keys() <= RELATION_FILTERS.keys():
        return value
    written: dict[str, object] = {}
    for name, where in operators.items():
        word = RELATION_FILTERS[name]
        if where is not None:
            written.setdefault(word, where)
        elif word == "is":
            # Stronger than any other `isNot`, as `{}` is weaker than any other `is`.
            written["isNot"] = {}
        else:
            written.setdefault("is", {})
    return written
