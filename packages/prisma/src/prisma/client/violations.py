"""Violations: which model, and which of its fields, a constraint of the database is about that a statement broke."""

from __future__ import annotations

from typing import cast

from prisma.client.schema import Model, Schema
from prisma.faults import DriverFault


def violated_model(schema: Schema, fault: DriverFault) -> Model | None:
    """Return the model of the table that a fault names; None if it names none, or one that no model has."""
    table, db_schema = fault.fields.get("table"), fault.fields.get("schema")
    for model in schema.models.values():
        # A model that names no schema is in the one that the URL names.
        if model.table == table and (db_schema is None or model.db_schema in {None, db_schema}):
            return model
    return None


def violated_fields(model: Model, fault: DriverFault) -> tuple[str, ...] | None:
    """Return the fields of a model that the broken constraint covers; None if the schema doesn't know it.

    A constraint that goes by another name in the database is known by the columns that the server names.
    """
    constraint, columns = fault.fields.get("constraint"), fault.fields.get("columns")
    if constraint in model.constraints:
        return model.constraints[str(constraint)]
    if not isinstance(columns, tuple):
        return None
    names = {field.db_name: field.name for field in model.fields.values()}
    given = cast("tuple[str, ...]", columns)
    return tuple(names[column] for column in given) if names.keys() >= set(given) else None
