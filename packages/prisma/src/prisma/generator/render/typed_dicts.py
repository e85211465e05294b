"""Typed dictionaries: how the module `types` is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Final

from prisma.generator.model import Field, Model
from prisma.generator.names import Names
from prisma.generator.writer import Writer, literal, words

SCALARS: Final = ("String", "Bytes", "DateTime", "Boolean", "Int", "BigInt", "Float", "Json", "Decimal")
_BUILTINS: Final = {"String": "str", "Boolean": "bool", "Int": "int", "BigInt": "int", "Float": "float"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a typed dictionary; `type` is a Python expression."""

    key: str
    type: str


@dataclass(slots=True)
class TypesWriter:
    """The module `types` while it grows; it knows what is defined already, and quotes references to the rest."""

    names: Names
    writer: Writer
    _defined: set[str] = field(default_factory=set[str])

    def ref(self, name: str) -> str:
        """Return a reference to a type of this module."""
        return name if name in self._defined else literal(name)

    def of(self, model: Model | str, pattern: str) -> str:
        """Return a reference to a type of a model."""
        return self.ref(self.names.of(model, pattern))

    def list_of(self, item: str) -> str:
        return f"{self.writer.name('typing', 'List')}[{item}]"

    def union(self, *members: str) -> str:
        return f"{self.writer.name('typing', 'Union')}[{', '.join(members)}]"

    def one_or_list(self, item: str) -> str:
        return self.union(item, self.list_of(item))

    def optional(self, inner: str) -> str:
        return f"{self.writer.name('typing', 'Optional')}[{inner}]"

    def item(self, type: str) -> str:
        """Return the Python type of one value of a scalar or enum."""
        if type in _BUILTINS:
            return _BUILTINS[type]
        if type == "DateTime":
            return f"{self.writer.module('datetime')}.datetime"
        if type == "Decimal":
            return f"{self.writer.module('decimal')}.Decimal"
        if type in {"Json", "Bytes"}:
            return f"{self.writer.name('prisma', 'fields')}.{'Json' if type == 'Json' else 'Base64'}"
        return f"{self.writer.sibling('enums')}.{self.names.classes[type]}"

    def value(self, field: Field) -> str:
        """Return the Python type of a scalar field's value, were it never null."""
        item = self.item(field.type)
        return self.list_of(item) if field.is_list else item

    def typed_dict(
        self,
        name: str,
        entries: Iterable[Entry],
        *,
        total: bool = True,
        doc: str = "",
        base: str | None = None,
        base_entries: Sequence[Entry] = (),
    ) -> None:
        """Write a typed dictionary.

        It is a class statement wherever the keys allow it. `base` names a dictionary, written before, whose keys
        (`base_entries`) this one has too; none of them is required.
        """
        entries = tuple(entries)
        if _fits_class(entries):
            self._class(name, entries, total, doc, base)
        else:
            if base:
                not_required = self.writer.name("typing_extensions", "NotRequired")
                entries = (*(Entry(entry.key, f"{not_required}[{entry.type}]") for entry in base_entries), *entries)
            self._call(name, entries, total, doc)
        self._defined.add(name)

    def alias(self, name: str, expression: str) -> None:
        """Write a name for a type."""
        self.writer.line(f"{name} = {expression}")
        self._defined.add(name)

    def union_alias(self, name: str, members: Sequence[str]) -> None:
        """Write a name for a union; a union of one is that one."""
        if len(members) == 1 and not members[0].startswith('"'):
            self.writer.line(f"{name} = {members[0]}")
        else:
            self.writer.items(f"{name} = {self.writer.name('typing', 'Union')}[", members, "]")
        self._defined.add(name)

    def literal_alias(self, name: str, values: Iterable[str]) -> None:
        """Write a name for a choice of strings."""
        values = [literal(value) for value in values]
        if values:
            self.writer.items(f"{name} = {self.writer.name('typing', 'Literal')}[", values, "]")
        else:
            self.writer.line(f"{name} = {self.writer.name('typing', 'NoReturn')}")
        self._defined.add(name)

    def _class(self, name: str, entries: Sequence[Entry], total: bool, doc: str, base: str | None) -> None:
        parent = base or self.writer.name("typing_extensions", "TypedDict")
        self.writer.blank(2)
        with self.writer.indented(f"class {name}({parent}{'' if total else ', total=False'}):"):
            if doc:
                self.writer.doc(doc)
                if entries:
                    self.writer.blank()
            for entry in entries:
                self.writer.annotated(f"{entry.key}: ", entry.type)
            if not entries and not doc:
                self.writer.line("pass")
        self.writer.blank(2)

    def _call(self, name: str, entries: Sequence[Entry], total: bool, doc: str) -> None:
        self.writer.blank()
        for line in doc.split("\n") if doc else ():
            self.writer.line(f"# {line}".rstrip())
        call = f"{name} = {self.writer.name('typing_extensions', 'TypedDict')}("
        with self.writer.indented(call, ")"):
            self.writer.line(f"{literal(name)},")
            with self.writer.indented("{", "},"):
                for entry in entries:
                    self.writer.annotated(f"{literal(entry.key)}: ", entry.type, ",")
            if not total:
                self.writer.line("total=False,")
        self.writer.blank()


def _fits_class(entries: Sequence[Entry]) -> bool:
    """Return whether the keys can be written as a class body: as names that hide nothing that the types need."""
    keys = {entry.key for entry in entries}
    needed: set[str] = {word for entry in entries for word in words(entry.type)}
    return not any(iskeyword(key) for key in keys) and not keys & needed
