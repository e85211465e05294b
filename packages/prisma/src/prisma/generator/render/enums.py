"""Renders `enums.py`: the enums of the schema.

Example:

    class Size(StrEnum):
        S = "S"
        M = "M"
"""

from __future__ import annotations

from typing import Final

from prisma.generator.names import Names
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel

_STR_ATTRIBUTES: Final = frozenset(dir(str)) | {"name", "value"}


def render_enums(data: DataModel, names: Names) -> str:
    """Return the text of `enums.py`."""
    writer = Writer("The enums of the schema.", frozenset(names.classes.values()))
    for enum in data.enums:
        writer.blank(2)
        with writer.indented(f"class {names.classes[enum.name]}({writer.name('enum', 'StrEnum')}):"):
            if enum.documentation:
                writer.doc(enum.documentation)
                writer.blank()
            for value in enum.values:
                member = names.enum_members[enum.name, value.name]
                # Members may be called like methods of str: they hide them, which type checkers don't like to see.
                hides = "  # type: ignore" if member in _STR_ATTRIBUTES else ""
                writer.line(f"{member} = {literal(value.name)}{hides}")
                if value.documentation:
                    writer.doc(value.documentation)
    return writer.render()
