"""Writes the fields of a model for `actions.py`, which filters compare with other fields.

Example:

    class UserFields(ModelFields):
        _model = "User"

        id: FieldRef[str]
        email: FieldRef[str]
"""

from __future__ import annotations

from prisma.generator.render.methods import Scope
from prisma.generator.render.python_types import item_type
from prisma.generator.writer import literal


def write_field_refs(scope: Scope) -> None:
    """Write the class whose attributes are references to the model's fields."""
    writer, names, model = scope.writer, scope.names, scope.model
    attributes = {names.fields[model.name, field.name]: field for field in model.scalars}
    renamed = {attribute: field.name for attribute, field in attributes.items() if attribute != field.name}
    reference = writer.name("prisma.fields", "FieldRef")
    writer.blank(2)
    with writer.indented(f"class {names.classes[model.name]}Fields({writer.name('prisma.client', 'ModelFields')}):"):
        writer.line(f"_model = {literal(model.name)}")
        if renamed:
            pairs = (f"{literal(attribute)}: {literal(name)}" for attribute, name in renamed.items())
            writer.items("_renamed = {", pairs, "}")
        writer.blank()
        for attribute, field in attributes.items():
            item = item_type(writer, names, field.type)
            value = f"{writer.name('typing', 'List')}[{item}]" if field.is_list else item
            writer.line(f"{attribute}: {reference}[{value}]")
