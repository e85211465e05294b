"""Record forms: the description of a class of records, by which a decoder makes instances without the constructor.

A pydantic model would check every value of a row again, which the decoder has converted already. A form has the kinds
of values that each attribute takes. If the row has the same kinds, the decoder fills the instance itself. A value that
does not fit raises `FormMismatch`, and the rows go through the class, whose error says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast


class FormMismatch(Exception):
    """A value that a decoder can't put into a record; the class itself may still convert it."""


class FormField:
    """One attribute of a record.

    Attributes:
        attribute: its name in the record; rows may call it otherwise.
        kinds: the types of results whose values it takes, by the data map's names.
        is_list: whether it takes a list of such values.
        is_required: whether it refuses None.
        members: the values of an enum.
        wrap: turns a converted value into the one that the record holds; FormMismatch if the record can't hold it.
        related: gives the form of a related record, None for a scalar.
    """

    __slots__ = ("attribute", "is_list", "is_required", "kinds", "members", "related", "wrap")

    def __init__(
        self,
        attribute: str,
        kinds: frozenset[str],
        *,
        is_list: bool,
        is_required: bool,
        members: frozenset[str] = frozenset(),
        wrap: Callable[[Any], Any] | None = None,
        related: Callable[[], RecordForm] | None = None,
    ) -> None:
        self.attribute = attribute
        self.kinds = kinds
        self.is_list = is_list
        self.is_required = is_required
        self.members = members
        self.wrap = wrap
        self.related = related


class RecordForm:
    """A class of records.

    Attributes:
        record: the class.
        parse: makes a record of a plain dict with the class's own checks; raises what the class raises.
        fields: by their names in rows; None for a class whose own code must make the records.
        defaults: by the names of attributes, in the order of the record, None for those without.
        blank: makes an object that takes any attribute, and becomes a record by an assignment to `__class__`.
        names: the attribute that holds the set of the names of those that were set, None if there is none.
        shared: makes a set of names that all records may have in common; None if each needs its own.
        empty: further attributes that a record must have, all None.
    """

    __slots__ = ("blank", "defaults", "empty", "fields", "names", "parse", "record", "shared")

    def __init__(
        self,
        record: type[Any],
        parse: Callable[[Any], Any],
        fields: Mapping[str, FormField] | None,
        defaults: Mapping[str, Any],
        blank: Callable[[], Any],
        names: str | None,
        shared: Callable[[Iterable[str]], Any] | None,
        empty: Sequence[str],
    ) -> None:
        self.record = record
        self.parse = parse
        self.fields = fields
        self.defaults = defaults
        self.blank = blank
        self.names = names
        self.shared = shared
        self.empty = empty

    def parsed(self, plain: Any) -> Any:
        """Return the record, the list of records or None for a plain result."""
        if isinstance(plain, list):
            return [self.parse(row) for row in cast("list[Any]", plain)]
        return None if plain is None else self.parse(plain)
