"""Writes the statements of `types.py`: typed dictionaries, and names for other types.

Example:

    class UserUpdateInput(UserUpdateManyMutationInput, total=False):
        ...

    UserUpsertInput = TypedDict("UserUpsertInput", {"create": UserCreateInput, "update": UserUpdateInput})
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from keyword import iskeyword
from typing import Final

from prisma.dialects.dialect import Feature
from prisma.generator.names import Names
from prisma.generator.render.python_types import item_type
from prisma.generator.writer import INDENT, LINE_LENGTH, Writer, literal, words
from prisma.schema.datamodel import Field, Model

_FEW: Final = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a typed dictionary; `type` is a Python expression. A key may be required where others are not."""

    key: str
    type: str
    is_required: bool | None = None


@dataclass(slots=True)
class TypesWriter:
    """The module `types`, or a part of it, while it is written: names that are not defined yet are quoted.

    `models` holds the names of the models that the module has the types of. Relations to others are `far`.
    """

    names: Names
    writer: Writer
    models: frozenset[str]
    _defined: set[str] = field(default_factory=set[str])
    _entries: dict[str, tuple[Entry, ...]] = field(default_factory=dict[str, "tuple[Entry, ...]"])

    @property
    def features(self) -> frozenset[Feature]:
        """The optional arguments that the database knows."""
        return self.names.dialect.features

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

    def one_or_list(self, *items: str) -> str:
        return self.union(*items, *(self.list_of(item) for item in items))

    def optional(self, inner: str, is_required: bool = False) -> str:
        return inner if is_required else f"{self.writer.name('typing', 'Optional')}[{inner}]"

    def related(self, type: str) -> str:
        """Return a type that leads on to another model: the type itself, behind a generic alias.

        mypy follows every path that begins at an alias and meets no other twice, to see whether type arguments grow
        without end. Where models have relations in circles there are more such paths than anybody can wait for. No path
        goes through one generic alias twice, so that they all end at the second model.
        """
        return f"_Related[{type}]"

    def is_far(self, field: Field) -> bool:
        """Return whether a field is a relation to a model of another module, whose types this one does not know."""
        return field.is_relation and field.type not in self.models

    def take(self, other: TypesWriter) -> None:
        """Take the public types of another module for defined: the writer imports them all."""
        self._defined.update(name for name in other._defined if not name.startswith("_"))

    def reference(self, item: str) -> str:
        """Return the type of a field of the same model that holds such values."""
        return f"{self.writer.name('prisma', 'fields')}.FieldRef[{item}]"

    def item(self, type: str) -> str:
        """Return the Python type of one value of a scalar or enum."""
        return item_type(self.writer, self.names, type)

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
        bases: Sequence[str] = (),
        parameters: Sequence[str] = (),
        is_packed: bool = False,
    ) -> None:
        """Write a typed dictionary; `bases` names earlier ones whose keys this one has too.

        `parameters` are the type variables of a generic one.

        It is a class statement, unless the keys do not allow it or a call is short: then it takes half the lines. One
        that `is_packed` is a call of any length. That is for types that programs only read, without relations: mypy
        analyses a module once more for calls that name types further down.
        """
        own = tuple(entries)
        generic = [f"{self.writer.name('typing', 'Generic')}[{', '.join(parameters)}]"] if parameters else []
        inherited = [entry for base in bases for entry in self._entries[base]]
        everything = (*inherited, *(replace(entry, is_required=_requires(entry, total)) for entry in own))
        if not _fits_class(own):
            self._call(name, everything, total, doc)
        elif is_packed and self._packed_call(name, everything, total, len(everything)):
            pass
        elif bases or doc or generic or not self._brief(name, own, total):
            self._class(name, own, total, doc, (*bases, *generic))
        self._defined.add(name)
        self._entries[name] = everything

    def uniform_dict(self, name: str, keys: Iterable[str], type: str, *, total: bool = False) -> None:
        """Write a typed dictionary whose keys all have one type."""
        entries = tuple(Entry(key, type, is_required=total) for key in keys)
        call = f"{name} = {self.writer.name('typing_extensions', 'TypedDict')}({literal(name)}, {{"
        self.writer.packed(call, (f"{literal(entry.key)}: {type}" for entry in entries), f"}}{_totality(total)})")
        self._defined.add(name)
        self._entries[name] = entries

    def alias(self, name: str, expression: str) -> None:
        """Write a name for a type."""
        self.writer.annotated(f"{name} = ", expression)
        self._defined.add(name)

    def generic_alias(self, name: str, generic: str, arguments: Sequence[str]) -> None:
        """Write a name for a generic type with its arguments."""
        self.writer.hugged(f"{name} = {generic}[", ", ".join(arguments), "]")
        self._defined.add(name)

    def union_alias(self, name: str, members: Sequence[str], *, is_related: bool = False) -> None:
        """Write a name for a union; a union of one is that one. One that `is_related` leads on to other models."""
        opening, closing = ("_Related[", "]") if is_related else ("", "")
        if len(members) == 1 and (is_related or not members[0].startswith('"')):
            self.writer.line(f"{name} = {opening}{members[0]}{closing}")
        else:
            self.writer.packed(f"{name} = {opening}{self.writer.name('typing', 'Union')}[", members, f"]{closing}")
        self._defined.add(name)

    def literal_alias(self, name: str, values: Iterable[str]) -> None:
        """Write a name for a choice of strings."""
        values = [literal(value) for value in values]
        if values:
            self.writer.packed(f"{name} = {self.writer.name('typing', 'Literal')}[", values, "]")
        else:
            self.writer.line(f"{name} = {self.writer.name('typing', 'NoReturn')}")
        self._defined.add(name)

    def joined_literals(self, name: str, parts: Sequence[str]) -> None:
        """Write a name for the strings of several choices."""
        if len(parts) > 1:
            self.alias(name, f"{self.writer.name('typing', 'Literal')}[{', '.join(parts)}]")
        else:
            self.alias(name, parts[0] if parts else self.writer.name("typing", "NoReturn"))

    def _class(self, name: str, entries: Sequence[Entry], total: bool, doc: str, bases: Sequence[str]) -> None:
        root = self.writer.name("typing_extensions", "TypedDict")
        # A generic one has TypedDict as a base, and its parameters.
        parents = ", ".join(bases if bases and "[" not in bases[-1] else (root, *bases))
        self.writer.blank(2)
        self.writer.hugged(f"class {name}(", f"{parents}{_totality(total)}", "):")
        with self.writer.deeper():
            if doc:
                self.writer.doc(doc)
                if entries:
                    self.writer.blank()
            for entry in entries:
                self.writer.annotated(f"{entry.key}: ", self._qualified(entry, total))
            if not entries and not doc:
                self.writer.line("pass")
        self.writer.blank(2)

    def _brief(self, name: str, entries: Sequence[Entry], total: bool) -> bool:
        """Write a dictionary as a call if that is short enough; say whether.

        One with types that are defined further down stays a class: others may be based on it, and then its types
        would be read too early.
        """
        if self._short_call(name, entries, total):
            return True
        return not any('"' in entry.type for entry in entries) and self._packed_call(name, entries, total, _FEW)

    def _short_call(self, name: str, entries: Sequence[Entry], total: bool) -> bool:
        """Write a dictionary as a call if that takes one line, or three with the arguments on one; say whether."""
        keys = ", ".join(f"{literal(entry.key)}: {self._qualified(entry, total)}" for entry in entries)
        arguments = f"{literal(name)}, {{{keys}}}{_totality(total)}"
        opening = f"{name} = {self.writer.name('typing_extensions', 'TypedDict')}("
        if len(INDENT) + len(arguments) > LINE_LENGTH:
            return False
        self.writer.hugged(opening, arguments, ")")
        return True

    def _packed_call(self, name: str, entries: Sequence[Entry], total: bool, most: int) -> bool:
        """Write a dictionary of at most so many keys as a call with as many on a line as go there; say whether."""
        keys = [f"{literal(entry.key)}: {self._qualified(entry, total)}" for entry in entries]
        opening = f"{name} = {self.writer.name('typing_extensions', 'TypedDict')}({literal(name)}, {{"
        if not 0 < len(keys) <= most or max(map(len, (opening, *keys))) > LINE_LENGTH - len(INDENT) - 1:
            return False
        self.writer.packed(opening, keys, f"}}{_totality(total)})")
        return True

    def _call(self, name: str, entries: Sequence[Entry], total: bool, doc: str) -> None:
        for line in doc.split("\n") if doc else ():
            self.writer.line(f"# {line}".rstrip())
        if self._short_call(name, entries, total):
            return
        call = f"{name} = {self.writer.name('typing_extensions', 'TypedDict')}("
        with self.writer.indented(call, ")"):
            self.writer.line(f"{literal(name)},")
            with self.writer.indented("{", "},"):
                for entry in entries:
                    self.writer.annotated(f"{literal(entry.key)}: ", self._qualified(entry, total), ",")
            if not total:
                self.writer.line("total=False,")

    def _qualified(self, entry: Entry, total: bool) -> str:
        """Return an entry's type, marked if it is required in a dictionary of optional keys, or the other way round."""
        if _requires(entry, total) == total:
            return entry.type
        return f"{self.writer.name('typing_extensions', 'NotRequired' if total else 'Required')}[{entry.type}]"


def _totality(total: bool) -> str:
    return "" if total else ", total=False"


def _requires(entry: Entry, total: bool) -> bool:
    return total if entry.is_required is None else entry.is_required


def _fits_class(entries: Sequence[Entry]) -> bool:
    """Return whether the keys can be written as a class body: as names that hide nothing that the types need."""
    keys = {entry.key for entry in entries}
    needed: set[str] = {word for entry in entries for word in words(entry.type)}
    return not any(iskeyword(key) for key in keys) and not keys & needed
