"""Bulk inserts: createMany for any number of rows from one compiled row.

The compiler writes every row of a createMany into the plan, at a cost that grows with the rows. So it is asked for one
row with all columns that occur, and for a pair of rows for every other set of columns; the engine repeats its answer.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from prisma.client.grammar import FieldGrammar, ModelGrammar
from prisma.client.protocol import row_request
from prisma.client.values import UNFIT
from prisma.engine.effects import Effect
from prisma.engine.forms import RecordForm
from prisma.engine.generators import Generators
from prisma.engine.insertion import Row, RowTemplates
from prisma.frozen import Frozen

Columns: TypeAlias = tuple[str, ...]


class BulkInsert(Frozen):
    """Rows together with the templates that write them: a program that is run once."""

    templates: RowTemplates
    rows: Sequence[Row]
    single: None = None
    form: RecordForm | None = None

    def of_records(self, form: RecordForm) -> BulkInsert:
        """Return the insert whose results are records of a form."""
        return BulkInsert(self.templates, self.rows, None, form)

    def run(self, values: Sequence[Any], numbers: Sequence[int], generators: Generators) -> Generator[Effect, Any, Any]:
        """Yield the effects of the insert; the arguments of other programs have no meaning here."""
        result = yield from self.templates.run(self.rows, generators)
        return result if self.form is None else self.form.parsed(result)


class BulkRequest(Frozen):
    """A createMany taken apart.

    `sets` are the sets of columns that occur, the first being the union of all; `rows` give for each row the index of
    its set and its values in the order of the set. `selection` is what it answers with.
    """

    model: str
    action: str
    selection: str
    skip_duplicates: bool
    sets: tuple[Columns, ...]
    rows: list[Row]

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

    def texts(self, grammar: ModelGrammar) -> list[str]:
        """Return the requests to compile: one row with every column, then pairs of that and a row of another set."""
        full = self.sets[0]
        row_lists = [[full], *([full, columns] for columns in self.sets[1:])]
        return [
            row_request(
                self.model,
                self.action,
                grammar,
                rows,
                skip_duplicates=self.skip_duplicates,
                selection=self.selection,
            )
            for rows in row_lists
        ]


def take_apart(action: str, grammar: ModelGrammar, arguments: Mapping[str, Any], selection: str) -> BulkRequest | None:
    """Return a createMany taken apart; None when a row holds something that the compiler must judge itself."""
    data = arguments.get("data")
    if not isinstance(data, list | tuple) or not data:
        return None
    rows: list[Mapping[str, Any]] = []
    for row in cast("Sequence[object]", data):
        if not isinstance(row, Mapping):
            return None
        rows.append(cast("Mapping[str, Any]", row))
    union = tuple(dict.fromkeys(name for row in rows for name in row))
    columns = _column_grammars(grammar, union)
    if columns is None:
        return None
    sets: dict[Columns, int] = {union: 0}
    taken: list[Row] = []
    for row in rows:
        names = tuple(name for name in union if name in row)
        values = _values(columns, names, row)
        if values is None:
            return None
        taken.append((sets.setdefault(names, len(sets)), values))
    return BulkRequest(grammar.model, action, selection, bool(arguments.get("skip_duplicates")), tuple(sets), taken)


def _column_grammars(grammar: ModelGrammar, names: Columns) -> dict[str, FieldGrammar] | None:
    columns: dict[str, FieldGrammar] = {}
    for name in names:
        column = grammar.get(name)
        if column is None or column.field.kind not in {"scalar", "enum"}:
            return None
        columns[name] = column
    return columns


def _values(columns: Mapping[str, FieldGrammar], names: Columns, row: Mapping[str, Any]) -> list[object] | None:
    values: list[object] = []
    for name in names:
        value = _column_value(columns[name], row[name])
        if value is UNFIT:
            return None
        values.append(value)
    return values


def _column_value(column: FieldGrammar, value: Any) -> object:
    field = column.field
    if value is None:
        return UNFIT if field.is_required or field.is_list else None
    if not field.is_list:
        return column.convert(value)
    if isinstance(value, Mapping):
        operations = cast("Mapping[str, Any]", value)
        value = operations.get("set") if len(operations) == 1 else None
    if not isinstance(value, list | tuple):
        return UNFIT
    items = [column.convert(item) for item in cast("Sequence[Any]", value)]
    return UNFIT if any(item is UNFIT for item in items) else items
