"""Where the moments of a result are stored: their tables and columns, for databases without a type for moments.

The compiler's plan has the names of a result's fields alone. The schema says which columns they are read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prisma.plan import nodes
from prisma.plan.tree import map_nodes
from prisma.schema.metadata import Model


def name_stored_moments(plan: nodes.Node, models: Mapping[str, Model], model: str) -> nodes.Node:
    """Return the plan of a call of the model, with the table and the column of each DateTime of its result."""

    def named(node: nodes.Node) -> nodes.Node:
        if not isinstance(node, nodes.DataMap) or not isinstance(node.structure, nodes.ObjectShape):
            return node
        return nodes.DataMap(node.expr, _named(node.structure, models, models[model]), node.enums)

    return map_nodes(plan, named)


def _named(shape: nodes.ObjectShape, models: Mapping[str, Model], model: Model) -> nodes.ObjectShape:
    fields = tuple((name, _field(name, inner, models, model)) for name, inner in shape.fields)
    return shape.__replace__(fields=fields)


def _field(name: str, shape: nodes.Shape, models: Mapping[str, Model], model: Model) -> Any:
    field = model.fields.get(name)
    match shape:
        case nodes.ObjectShape(serialized_name=None):
            # The aggregates of the same rows, such as `_max`.
            return _named(shape, models, model)
        case nodes.ObjectShape() if field is not None and field.type in models:
            return _named(shape, models, models[field.type])
        case nodes.FieldShape(type="datetime") if field is not None:
            return shape.__replace__(column=(model.table, field.db_name))
        case _:
            return shape
