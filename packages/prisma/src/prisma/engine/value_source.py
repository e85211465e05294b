"""Source for one value: the Python that turns what a column holds into what a result has.

An expression, for a dictionary, and statements, for a local variable that an attribute gets:

    (w if type((w := r['id'])) is int or w is None else integer_1(w))

    if v0 is None: raise mismatch_1
    elif type(v0) is not int: v0 = integer_1(v0)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from prisma.dialects.dialect import Dialect, TimestampFormat
from prisma.engine import conversions
from prisma.engine.plan_error import contradiction, inconsistent
from prisma.engine.record_form import FormField, FormMismatch
from prisma.engine.source import Source
from prisma.engine.stored_moments import stored_moment_of
from prisma.frozen import Frozen
from prisma.plan import nodes

_Conversion: TypeAlias = tuple[type | None, Callable[[Any], Any] | None]

# Type of a field → the Python type that needs no conversion, the conversion of everything else. Drivers give nearly all
# values in the first type already.
_CONVERSIONS: Final[Mapping[str, _Conversion]] = {
    "string": (str, conversions.text),
    "int": (int, conversions.integer),
    "bigint": (int, conversions.integer),
    "float": (float, conversions.real),
    "decimal": (None, conversions.exact),
    "boolean": (bool, conversions.truth),
    "datetime": (None, conversions.moment),
    "json": (None, conversions.parsed),
    "object": (None, None),
    "bytes": (bytes, conversions.blob),
    "unsupported": (None, None),
}

_TYPES: Final[Mapping[str, type]] = {
    **{name: ready for name, (ready, _) in _CONVERSIONS.items() if ready is not None},
    "decimal": Decimal,
    "datetime": datetime,
}


class RowReader(Frozen):
    """How source reads a row.

    Attributes:
        column: gives the expression of a column, e.g. `r['id']`.
        is_exact: whether JSON was parsed with Decimals, which the user's own JSON must not have.
    """

    column: Callable[[str], str]
    is_exact: bool


class _Members(dict[str, str]):
    """Members of an enum: database value → name in programs."""

    def __init__(self, name: str, members: Iterable[tuple[str, str]]) -> None:
        super().__init__(members)
        self._name = name

    def __missing__(self, key: object) -> str:
        raise inconsistent(f"the value {key!r} does not belong to the enum {self._name!r}")


def assigned(local: str, expression: str) -> list[str]:
    """Return the statement that gives a local variable a value, none if it has it already."""
    return [] if local == expression else [f"{local} = {expression}"]


class ValueSource:
    """Writes the source for values of fields."""

    def __init__(
        self, source: Source, enums: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], dialect: Dialect
    ) -> None:
        self._source = source
        self._dialect = dialect
        self._enums = {name: _Members(name, members) for name, members in enums}

    def first_type(self, shape: nodes.Shape, target: FormField) -> type | None:
        """Return the type that all values of a column have if the first has it; None if each has to be looked at."""
        if not isinstance(shape, nodes.FieldShape) or target.is_list or not target.is_required:
            return None
        return _TYPES.get(shape.type) if target.wrap is None and self._dialect.has_typed_columns else None

    def expression(self, shape: nodes.Shape, read: str, *, is_exact: bool) -> str:
        """Return the expression of a field's value; `read` is that of its column."""
        if not isinstance(shape, nodes.FieldShape):
            raise contradiction("a record where a field should be")
        if shape.arity != "list":
            return self._scalar(shape, f"(w := {read})", "w", is_exact=is_exact)
        item = self._scalar(shape, "i", "i", is_exact=is_exact)
        # BigInt lists inside JSON are the text of an array.
        listed = f"{self._source.constant(conversions.items, 'items')}(w)" if shape.type == "bigint" else "w"
        if item == "i":
            return f"([] if (w := {read}) is None else {listed})"
        return f"([] if (w := {read}) is None else [{item} for i in {listed}])"

    def _scalar(self, shape: nodes.FieldShape, first: str, again: str, *, is_exact: bool) -> str:
        """Return the expression of one value; `first` reads it, `again` repeats it."""
        if shape.type == "enum":
            members = self._source.constant(self._members(shape), "enum")
            return f"(None if {first} is None else {members}[{again}])"
        ready, convert = self._conversion(shape, is_exact=is_exact)
        if convert is None:
            return again if first == again else first
        call = f"{self._source.constant(convert, convert.__name__)}({again})"
        number = self._of_number(shape, again)
        if number is not None:
            return f"({number} if type({first}) is int else None if {again} is None else {call})"
        if ready is None:
            return f"(None if {first} is None else {call})"
        return f"({again} if type({first}) is {ready.__name__} or {again} is None else {call})"

    def typed(self, ready: type, local: str, read: str) -> list[str]:
        """Return the statements for a value of the right type, or None, that an attribute can't be without."""
        mismatch = self._source.constant(FormMismatch, "mismatch")
        lines = [*assigned(local, read), f"if {local} is None: raise {mismatch}"]
        if ready is Decimal:
            lines.append(f"{local} = {self._source.constant(conversions.plain, 'plain')}({local})")
        if ready is datetime:
            lines.append(self._in_utc(local))
        return lines

    def _in_utc(self, local: str) -> str:
        """Return the statement that gives a datetime the zone UTC; for one without a zone written out."""
        moment = self._source.constant(conversions.moment, "moment")
        start = self._source.constant(conversions.START, "start")
        naive = self._source.constant(conversions.NAIVE_START, "naive")
        of_naive = f"{start} + ({local} - {naive})"
        return f"if {local}.tzinfo is not UTC: {local} = {of_naive} if {local}.tzinfo is None else {moment}({local})"

    def statements(
        self, shape: nodes.FieldShape, target: FormField, local: str, absent: str, *, is_exact: bool
    ) -> list[str]:
        """Return the statements that convert a local variable; `absent` is what to do with None."""
        wrap = self._source.constant(target.wrap, "wrap") if target.wrap is not None else None
        mismatch = self._source.constant(FormMismatch, "mismatch")
        number = self._of_number(shape, local)
        if number is not None:
            other = self._made_ready(shape, local, [f"elif {local} is None: {absent}"], is_exact=is_exact)
            return [f"if type({local}) is int: {local} = {number}", *other]
        lines = [f"if {local} is None: {absent}"]
        match shape.type:
            case "boolean":
                return [*lines, f"elif type({local}) is not bool: raise {mismatch}"]
            case "datetime" if self._dialect.timestamp_format is None:
                return [*lines, *self._moment(local)]
            case "decimal":
                return [*lines, self._decimal(local)]
            case "enum":
                members = self._source.constant(self._members(shape), "enum")
                name = f"{members}[{local}]"
                return [*lines, f"else: {local} = {f'{wrap}({name})' if wrap else name}"]
            case _:
                wrapped = [f"if {local} is not None: {local} = {wrap}({local})"] if wrap else []
                return [*self._made_ready(shape, local, lines, is_exact=is_exact), *wrapped]

    def _moment(self, local: str) -> list[str]:
        moment = self._source.constant(conversions.moment, "moment")
        return [
            f"elif type({local}) is datetime:",
            f"    {self._in_utc(local)}",
            f"elif type({local}) is str:",
            # Nearly every text comes without a zone, in UTC.
            f"    try: {local} = datetime.fromisoformat({local} + 'Z')",
            f"    except ValueError: {local} = {moment}({local})",
            f"else: {local} = {moment}({local})",
        ]

    def _of_number(self, shape: nodes.FieldShape, local: str) -> str | None:
        """Return the expression of a value that is stored as a whole number, None if the database has its type.

        Written out, it takes less than half of the time of a call.
        """
        if shape.type == "boolean" and not self._dialect.has_booleans:
            return f"{local} != 0"
        if shape.type == "datetime" and self._dialect.timestamp_format is TimestampFormat.MILLISECONDS:
            start = self._source.constant(conversions.START, "start")
            return f"{start} + {local} * {self._source.constant(conversions.MILLISECOND, 'millisecond')}"
        return None

    def _decimal(self, local: str) -> str:
        plain = self._source.constant(conversions.plain, "plain")
        exact = self._source.constant(conversions.exact, "exact")
        return f"else: {local} = {plain}({local}) if type({local}) is Decimal else {exact}({local})"

    def _made_ready(self, shape: nodes.FieldShape, local: str, absent: list[str], *, is_exact: bool) -> list[str]:
        ready, convert = self._conversion(shape, is_exact=is_exact)
        if convert is None:
            return []
        otherwise = "else" if ready is None else f"elif type({local}) is not {ready.__name__}"
        call = f"{self._source.constant(convert, convert.__name__)}({local})"
        return [*absent, f"{otherwise}: {local} = {call}"]

    def _members(self, shape: nodes.FieldShape) -> _Members:
        members = self._enums.get(shape.enum or "")
        if members is None:
            raise contradiction(f"unknown enum {shape.enum!r}")
        return members

    def _conversion(self, shape: nodes.FieldShape, *, is_exact: bool) -> _Conversion:
        if shape.type not in _CONVERSIONS:
            raise contradiction(f"unknown field type {shape.type!r}")
        if shape.type == "object" and is_exact:
            return None, conversions.with_floats
        if shape.type == "boolean" and not self._dialect.has_booleans:
            return None, conversions.flag
        if shape.type == "datetime" and self._dialect.timestamp_format is not None:
            return None, stored_moment_of(shape.column, self._dialect.timestamp_format)
        return _CONVERSIONS[shape.type]
