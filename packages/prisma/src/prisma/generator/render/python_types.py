"""Writes the Python types of scalars and enums.

Example:

    createdAt: datetime.datetime
    price: decimal.Decimal
"""

from __future__ import annotations

from typing import Final

from prisma.generator.names import Names
from prisma.generator.writer import Writer

SCALARS: Final = ("String", "Bytes", "DateTime", "Boolean", "Int", "BigInt", "Float", "Json", "Decimal")
_BUILTINS: Final = {"String": "str", "Boolean": "bool", "Int": "int", "BigInt": "int", "Float": "float"}


def item_type(writer: Writer, names: Names, type: str) -> str:
    """Return the type of one value of a scalar or enum, by its name in the schema."""
    if type in _BUILTINS:
        return builtin(writer, _BUILTINS[type])
    if type == "DateTime":
        return f"{writer.module('datetime')}.datetime"
    if type == "Decimal":
        return f"{writer.module('decimal')}.Decimal"
    if type in {"Json", "Bytes"}:
        return f"{writer.name('prisma', 'fields')}.{'Json' if type == 'Json' else 'Base64'}"
    return f"{writer.sibling('enums')}.{names.classes[type]}"


def builtin(writer: Writer, name: str) -> str:
    """Return the reference to a built-in type, by another name where a field has that of the type."""
    return writer.name("builtins", name) if name in writer.taken else name
