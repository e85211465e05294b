"""Violations: the model and the fields of a constraint that a statement broke."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast

from prisma.faults import DriverFault, FaultKind
from prisma.schema.metadata import Model, Schema

# How the compiler begins the statements that write.
_WRITES: Final = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "((?:[^"]|"")+)"\."((?:[^"]|"")+)"')


def violated_model(schema: Schema, fault: DriverFault) -> Model | None:
    """Return the model of the table that a fault is about; None if it names none, or one that no model has.

    That is the table whose constraint was broken, else the one that the statement was to write.
    """
    db_schema, table = _table(fault)
    for model in schema.models.values():
        # A model that names no schema is in the one that the URL names.
        if model.table == table and (db_schema is None or model.db_schema in {None, db_schema}):
            return model
    return None


def _table(fault: DriverFault) -> tuple[object, object]:
    fields = fault.fields
    if "table" in fields or "statement" not in fields:
        return fields.get("schema"), fields.get("table")
    written = _WRITES.match(str(fields["statement"]))
    return (written[1].replace('""', '"'), written[2].replace('""', '"')) if written else (None, None)


def violated_fields(model: Model, fault: DriverFault) -> tuple[str, ...]:
    """Return the fields of a model that a broken unique constraint covers; () if nothing is known of them.

    A constraint that goes by another name in the database is known by the columns that the server names.
    """
    known = model.constraints.get(str(fault.fields.get("constraint")))
    return known or _fields(model, fault.fields.get("columns", ()))


def with_field_names(model: Model, fault: DriverFault) -> Mapping[str, object]:
    """Return the facts of a fault, with the names of fields in the place of the model's columns."""
    facts = fault.fields
    if fault.kind is FaultKind.UNIQUE_CONSTRAINT_VIOLATION and "columns" in facts:
        return {**facts, "columns": _fields(model, facts["columns"])}
    if fault.kind is FaultKind.NULL_CONSTRAINT_VIOLATION and "column" in facts:
        return {**facts, "column": _fields(model, (facts["column"],))[0]}
    # A foreign key's columns may be those of the table that it refers to.
    return facts


def _fields(model: Model, columns: object) -> tuple[str, ...]:
    """Return the names of the fields in columns; a column that has no field keeps its own."""
    names = {field.db_name: field.name for field in model.fields.values() if field.kind != "relation"}
    return tuple(names.get(column, column) for column in cast("Iterable[str]", columns))
