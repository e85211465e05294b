"""Makes the values and arguments that examples in docstrings show.

Example:

    record = db.user.find_unique(where={"id": "id"})
"""

from __future__ import annotations

from typing import Final

from prisma.dialects.dialect import Feature
from prisma.generator.names import Names
from prisma.generator.writer import literal
from prisma.schema.datamodel import Enum, Field, Model

_VALUES: Final = {
    "Boolean": "True",
    "Int": "1",
    "BigInt": "1",
    "Float": "1.5",
    "Decimal": 'Decimal("1.50")',
    "DateTime": "datetime.now(timezone.utc)",
    "Json": 'Json({"key": "value"})',
    "Bytes": 'Base64.encode(b"data")',
}


class Examples:
    """Examples for one model."""

    def __init__(self, model: Model, enums: dict[str, Enum], names: Names) -> None:
        self._model = model
        self._enums = enums
        self._names = names
        self.wait = names.interface.wait
        self.instance = f"db.{names.instances[model.name]}"
        self.skipping = ", skip_duplicates=True" if Feature.SKIP_DUPLICATES in names.dialect.features else ""
        self.field = next((field for field in model.scalars if not field.is_list), None)

    def unique(self) -> str:
        """Return a `where` that names one record."""
        for field in self._model.scalars:
            if field.is_id or field.is_unique:
                return self._dictionary([field])
        for key in self._model.compound_keys:
            return f"{{{literal(key.name)}: {self._dictionary([self._model.field(name) for name in key.fields])}}}"
        return "{}"

    def where(self) -> str:
        """Return a filter."""
        return self._dictionary([self.field]) if self.field else "{}"

    def order(self) -> str:
        return f'{{{literal(self.field.name)}: "asc"}}' if self.field else "{}"

    def create(self) -> str:
        """Return the smallest `data` that creates a record."""
        return self._dictionary([field for field in self._model.fields if field.is_required_on_create])

    def update(self) -> str:
        """Return the `data` of an update: one field, no key if there is another."""
        writable = [field for field in self._model.scalars if not (field.is_read_only or field.is_list)]
        plain = [field for field in writable if not (field.is_id or field.is_unique)]
        return self._dictionary((plain or writable)[:1])

    def _dictionary(self, fields: list[Field]) -> str:
        return f"{{{', '.join(f'{literal(field.name)}: {self._value(field)}' for field in fields)}}}"

    def _value(self, field: Field) -> str:
        value = self._item(field)
        return f"[{value}]" if field.is_list else value

    def _item(self, field: Field) -> str:
        if field.kind == "enum":
            value = self._enums[field.type].values[0].name
            return f"enums.{self._names.classes[field.type]}.{self._names.enum_members[field.type, value]}"
        return _VALUES.get(field.type, literal(field.name))
