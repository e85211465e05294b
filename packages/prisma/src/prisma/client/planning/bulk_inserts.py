"""Bulk inserts: createMany for any number of rows from one compiled row, in parts of bounded size.

The compiler writes every row of a createMany into the plan, so its cost grows with the rows. So the client compiles one
row with all columns that occur, and a pair of rows for every other set of columns. The engine repeats the result.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, Final, Protocol, TypeAlias, cast

from prisma.client.request.builder import row_request
from prisma.client.request.call import Call
from prisma.client.request.codecs import FieldCodec, ModelCodecs
from prisma.client.request.values import WRONG_TYPE, of_each, returns
from prisma.dialects.dialect import Dialect
from prisma.engine.effects import Begin, Commit, Effect, Rollback, RunExecute
from prisma.engine.generators import Generators
from prisma.engine.record_form import RecordForm
from prisma.engine.row_templates import Columns, Row, RowTemplates
from prisma.faults import DriverFault
from prisma.fields import DbNull, JsonNull, Null
from prisma.frozen import Frozen

ColumnNames: TypeAlias = tuple[str, ...]

PART: Final = 1000
"""Rows of one part: what is converted, sent and held at a time."""

_SAVEPOINT: Final = "prisma_rows"


class Runnable(Protocol):
    """What a part of the rows became: see `prisma.engine.program.Program`."""

    def of_records(self, form: RecordForm) -> Runnable: ...

    def run(
        self, values: Sequence[Any], numbers: Sequence[int], generators: Generators
    ) -> Generator[Effect, Any, Any]: ...


Part: TypeAlias = tuple[Runnable, Sequence[Any], Sequence[int]]


class BulkInsert(Frozen):
    """Rows together with the templates that write them: a program that is run once."""

    templates: RowTemplates
    rows: Sequence[Row] | Columns
    single: None = None
    form: RecordForm | None = None

    def of_records(self, form: RecordForm) -> BulkInsert:
        """Return the insert whose results are records of a form."""
        return BulkInsert(self.templates, self.rows, None, form)

    def run(self, values: Sequence[Any], numbers: Sequence[int], generators: Generators) -> Generator[Effect, Any, Any]:
        """Yield the effects of the insert; the arguments of other programs have no meaning here."""
        result = yield from self.templates.run(self.rows, generators)
        return result if self.form is None else self.form.parsed(result)


class BulkInserts(Frozen):
    """Several parts of one createMany, in one transaction; each is made when the one before is written.

    Inside the caller's transaction a savepoint comes first: if one part fails, none of the rows is left there.
    """

    parts: Iterator[Part]
    dialect: Dialect
    single: None = None

    def of_records(self, form: RecordForm) -> BulkInserts:
        """Return the inserts whose results are records of a form."""
        parts = ((program.of_records(form), values, numbers) for program, values, numbers in self.parts)
        return BulkInserts(parts, self.dialect)

    def run(self, values: Sequence[Any], numbers: Sequence[int], generators: Generators) -> Generator[Effect, Any, Any]:
        """Yield the effects of all parts and return the sum of their counts, or all their records."""
        # One transaction makes all parts atomic, as one statement would be.
        opened = yield Begin()
        if not opened:
            yield RunExecute(self.dialect.savepoint(_SAVEPOINT), ())
        try:
            result = yield from self._all(generators.of_one_moment())
        except GeneratorExit:
            # A closed generator may not yield. The caller that closes it gives the connection back, which rolls back.
            raise
        except BaseException:
            # The first error is the one to report.
            with suppress(DriverFault):
                yield Rollback() if opened else RunExecute(self.dialect.rollback_to_savepoint(_SAVEPOINT), ())
            raise
        yield Commit() if opened else RunExecute(self.dialect.release_savepoint(_SAVEPOINT), ())
        return result

    def _all(self, generators: Generators) -> Generator[Effect, Any, Any]:
        results: list[Any] = []
        for program, values, numbers in self.parts:
            results.append((yield from program.run(values, numbers, generators)))
        # createManyAndReturn answers with records, createMany with a count.
        if isinstance(results[0], list):
            return list(chain.from_iterable(results))
        return {"count": sum(result["count"] for result in results)}


class BulkRequest(Frozen):
    """A createMany taken apart.

    `sets` are the sets of columns that occur, the first being the union of all; `rows` give for each row the index of
    its set and its values in the order of the set, or the columns where all rows have the same. `selection` is what it
    answers with.
    """

    model: str
    action: str
    selection: str
    skip_duplicates: bool
    sets: tuple[ColumnNames, ...]
    rows: Sequence[Row] | Columns

    @property
    def shape(self) -> tuple[str, ...]:
        """What the templates depend on."""
        flags = "skip" if self.skip_duplicates else "all"
        return (
            self.model,
            self.action,
            self.selection,
            flags,
            *(part for columns in self.sets for part in (*columns, ";")),
        )

    def texts(self, codecs: ModelCodecs) -> list[str]:
        """Return the requests to compile: one row with every column, then pairs of that and a row of another set."""
        full = self.sets[0]
        row_lists = [[full], *([full, columns] for columns in self.sets[1:])]
        return [
            row_request(
                self.model,
                self.action,
                codecs,
                rows,
                skip_duplicates=self.skip_duplicates,
                selection=self.selection,
            )
            for rows in row_lists
        ]


class RowPart(Frozen):
    """Some of the rows of a createMany: `first` of them come before."""

    rows: list[Any]
    first: int
    before: Any

    def within(self, arguments: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
        """Return what makes the arguments of the whole call, for messages that name the place of a row."""
        data = arguments["data"]

        def whole() -> Mapping[str, Any]:
            # Rows of an iterator are gone. A copy of one that was right takes the place of each of them.
            if isinstance(data, list | tuple):
                return arguments
            return {**arguments, "data": [*[self.before] * self.first, *self.rows]}

        return whole


def in_parts(data: object) -> Iterator[RowPart] | None:
    """Return the rows in parts of bounded size, at least one; None if the value is no iterable of rows."""
    if isinstance(data, str | bytes | bytearray | Mapping) or not isinstance(data, Iterable):
        return None
    return _parts(iter(cast("Iterable[Any]", data)))


def _parts(rows: Iterator[Any]) -> Iterator[RowPart]:
    part = RowPart(_next_rows(rows), 0, None)
    yield part
    # A part that is not full is the last one.
    while len(part.rows) == PART and (more := _next_rows(rows)):
        part = RowPart(more, part.first + PART, part.rows[-1])
        yield part


def _next_rows(rows: Iterator[Any]) -> list[Any]:
    return list(islice(rows, PART))


def take_apart(call: Call, codecs: ModelCodecs, selection: str) -> BulkRequest | None:
    """Return a createMany taken apart; None when a row holds something that the compiler must judge itself."""
    given: list[Any] = call.arguments["data"]
    if not given or not all(type(row) is dict or isinstance(row, Mapping) for row in given):
        return None
    rows: list[Mapping[str, Any]] = given
    names = rows[0].keys()
    # Rows with the same keys are converted by columns: one look at a column's types may spare all conversions.
    taken = (
        _by_columns(codecs, tuple(names), rows)
        if all(row.keys() == names for row in rows)
        else _by_rows(codecs, tuple(dict.fromkeys(name for row in rows for name in row)), rows)
    )
    if taken is None:
        return None
    sets, content = taken
    skips = bool(call.arguments.get("skip_duplicates"))
    return BulkRequest(call.model, call.action, selection, skips, sets, content)


_Taken: TypeAlias = tuple[tuple[ColumnNames, ...], Sequence[Row] | Columns]


def _by_columns(codecs: ModelCodecs, names: ColumnNames, rows: Sequence[Mapping[str, Any]]) -> _Taken | None:
    codecs_of = _column_codecs(codecs, names)
    if codecs_of is None:
        return None
    columns: list[Sequence[Any]] = []
    for name in names:
        values = _column(codecs_of[name], [row[name] for row in rows])
        if values is None:
            return None
        columns.append(values)
    return (names,), Columns(len(rows), columns)


def _column(column: FieldCodec, values: list[Any]) -> Sequence[Any] | None:
    """Return a column's values converted, None if one does not fit."""
    field = column.field
    if not field.is_list and field.kind == "scalar":
        types = set(map(type, values))
        if not field.is_required:
            types.discard(type(None))
        # Values of one class that the converter returns unchanged need no copy.
        if len(types) == 1 and returns(column.convert, types.pop()):
            return values
    converted = [_column_value(column, value) for value in values]
    return None if any(value is WRONG_TYPE for value in converted) else converted


def _by_rows(codecs: ModelCodecs, union: ColumnNames, rows: Sequence[Mapping[str, Any]]) -> _Taken | None:
    columns = _column_codecs(codecs, union)
    if columns is None:
        return None
    # The first set is the union of all: the templates are compiled with it.
    sets: dict[ColumnNames, int] = {union: 0}
    taken: list[Row] = []
    for row in rows:
        names = tuple(name for name in union if name in row)
        values = _values(columns, names, row)
        if values is None:
            return None
        taken.append((sets.setdefault(names, len(sets)), values))
    return tuple(sets), taken


def _column_codecs(codecs: ModelCodecs, names: ColumnNames) -> dict[str, FieldCodec] | None:
    columns: dict[str, FieldCodec] = {}
    for name in names:
        column = codecs.get(name)
        # The compiler explains names that do not exist, and writes relations.
        if column is None or column.field.kind not in {"scalar", "enum"}:
            return None
        columns[name] = column
    return columns


def _values(columns: Mapping[str, FieldCodec], names: ColumnNames, row: Mapping[str, Any]) -> list[object] | None:
    values: list[object] = []
    for name in names:
        value = _column_value(columns[name], row[name])
        if value is WRONG_TYPE:
            return None
        values.append(value)
    return values


def _column_value(column: FieldCodec, value: Any) -> object:
    field = column.field
    if value is None:
        return WRONG_TYPE if field.is_required or field.is_list else None
    if not field.is_list:
        if isinstance(value, Null) and field.type == "Json":
            return _null(column, value)
        return column.convert(value)
    if isinstance(value, Mapping):
        operations = cast("Mapping[str, Any]", value)
        value = operations.get("set") if len(operations) == 1 else None
    if not isinstance(value, list | tuple):
        return WRONG_TYPE
    return of_each(column.convert)(cast("Sequence[Any]", value))


def _null(column: FieldCodec, value: Null) -> object:
    """Return a null of a Json column: the database's where the column allows NULL, or JSON's."""
    if value is JsonNull:
        return "null"
    return None if value is DbNull and not column.field.is_required else WRONG_TYPE
