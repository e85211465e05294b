"""InsertedRow templates: createMany for any number of rows, without compiling each of them.

The plan for one row says how a row in `VALUES (…), (…)` looks; the plan for two rows, of which the second leaves
columns out, says how such a row looks (`null`, `DEFAULT`, a default's value, or a generated one).

More than a few rows are sent as arrays (`prisma.plan.passes.unnest_insert`), unless a row needs a `DEFAULT` or a column
is a list.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeAlias, cast

from prisma.dialects.dialect import Dialect
from prisma.engine.arguments import load_argument, request_index
from prisma.engine.columns import ColumnMaker, column_makers
from prisma.engine.effects import DescribeArrays, Effect, RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.interpreter import Flow, Step, in_transaction, load, perform
from prisma.engine.rendering import Rendered
from prisma.engine.run import Run
from prisma.frozen import Frozen
from prisma.plan import nodes
from prisma.plan.passes.insert_rows import PLACEHOLDER, InsertedRow, take_apart
from prisma.plan.passes.unnest_insert import Column, UnnestInsert, unnest_insert
from prisma.plan.tree import rebuild, walk

Row: TypeAlias = tuple[int, Sequence[Any]]
"""The index of a template, and the values of the columns that it takes, in the order of its request's parameters."""

MIN_ARRAY_ROWS = 8
"""Below this number, asking the server for the arrays' types is not worth its round trip."""

_INSERTED = "@inserted"
_GENERATED = "@generated$"
_VALUES = " VALUES "


class Columns(Frozen):
    """Rows of which each has all columns: the values of each column, in the order of the request's parameters."""

    count: int
    values: Sequence[Column]

    def __len__(self) -> int:
        return self.count

    def rows(self) -> list[Row]:
        """Return the same as rows."""
        return [(0, values) for values in zip(*self.values, strict=True)]


class _Template(Frozen):
    """One row: `form` takes the number of its first placeholder and returns its text, `fill` makes the arguments.

    `columns` make the same arguments for all rows at once. `values` is the number of the request's parameters in the
    row, `placeholders` that of its arguments: some are made, some are constants.
    """

    row: InsertedRow
    form: Callable[[int], str]
    placeholders: int
    values: int
    fill: Callable[[Run], list[Any]]
    columns: tuple[ColumnMaker, ...]
    args: tuple[nodes.Value, ...]


class _Insert(Frozen):
    """An INSERT taken apart: the text before the rows, the rows, the text after them, and the plan around it."""

    head: str
    rows: tuple[_Template, ...]
    tail: str
    effect: type[RunQuery | RunExecute]
    rest: nodes.Node
    in_transaction: bool


class RowTemplates(Frozen):
    """An executable createMany or createManyAndReturn for any number of rows; immutable and shared like a Program."""

    _insert: _Insert
    _templates: tuple[_Template, ...]
    _rest: Step
    _arrays: UnnestInsert | None
    _bind_limit: int

    @classmethod
    def extract(cls, dialect: Dialect, full: nodes.Node, *pairs: nodes.Node) -> RowTemplates | None:
        """Return templates made from decoded plans, None when the rows can't be told apart safely.

        `full` is the plan for one row whose columns are the parameters %1 to %n. Each of `pairs` is the plan for two
        rows: that row first, then one with fewer columns, whose parameters are numbered from %{n+1}; no two parameters
        share a name. Template 0 belongs to `full`, template k to the second row of the k-th pair.
        """
        # All plans must be the same but for their second rows: only then one statement can have rows of each kind.
        first = _load_insert(full, dialect, rows=1)
        if first is None:
            return None
        templates = list(first.rows)
        for pair in pairs:
            second = _load_insert(pair, dialect, rows=2)
            if second is None or not _agree(first, second):
                return None
            templates.append(second.rows[1])
        # Arrays need one statement for all templates; where there is none, rows go in groups of placeholders.
        arrays = None
        if dialect.has_arrays:
            rows = [template.row for template in templates]
            values = [template.args for template in templates]
            arrays = unnest_insert(first.head.removesuffix(_VALUES), rows, first.tail, values)
        return cls(first, tuple(templates), load(first.rest, dialect), arrays, dialect.bind_limit)

    def run(self, rows: Sequence[Row] | Columns, generators: Generators) -> Generator[Effect, Any, Any]:
        """Yield effects, take their answers, and return the result: `{"count": n}` or the list of created records.

        Where arrays can't be had, rows beyond the bind limit of a statement go into several ones, inside one
        transaction.
        """
        flow = self._run(rows, Run((), (), generators))
        return in_transaction(flow) if self._insert.in_transaction else flow

    def _run(self, rows: Sequence[Row] | Columns, run: Run) -> Flow:
        statements = yield from self._statements(rows, run)
        inserted = yield from perform(self._insert.effect, statements)
        return (yield from self._rest(run, {_INSERTED: inserted}))

    def _statements(self, rows: Sequence[Row] | Columns, run: Run) -> Flow:
        form = self._arrays
        if form is not None and len(rows) >= MIN_ARRAY_ROWS:
            types = yield DescribeArrays(form.probe)
            # The server has no array of arrays to unnest.
            if None not in types:
                return [(form.sql(types), self._columns(form, rows, run))]
        return list(self._render(rows.rows() if isinstance(rows, Columns) else rows, run))

    def _columns(self, form: UnnestInsert, rows: Sequence[Row] | Columns, run: Run) -> tuple[Any, ...]:
        if isinstance(rows, Columns):
            return tuple(
                [
                    make(rows.values, 1, run)[0] if place in form.fixed else make(rows.values, rows.count, run)
                    for place, make in enumerate(self._templates[0].columns)
                ]
            )
        return form.transposed([(index, self._filled(index, values, run)) for index, values in rows])

    def _render(self, rows: Sequence[Row], run: Run) -> Iterator[Rendered]:
        groups: list[str] = []
        args: list[Any] = []
        for index, values in rows:
            template = self._templates[index]
            # The next row would have more parameters than a statement takes: it begins another one.
            if len(args) + template.placeholders > self._bind_limit:
                yield self._write(groups), tuple(args)
                groups, args = [], []
            first = len(args) + 1
            groups.append(template.form(first))
            args.extend(self._filled(index, values, run))
        if groups:
            yield self._write(groups), tuple(args)

    def _filled(self, index: int, values: Sequence[Any], run: Run) -> list[Any]:
        template = self._templates[index]
        if len(values) != template.values:
            raise ValueError(f"InsertedRow template {index} takes {template.values} values, got {len(values)}.")
        run.values = values
        return template.fill(run)

    def _write(self, groups: list[str]) -> str:
        return f"{self._insert.head}{', '.join(groups)}{self._insert.tail}"


def _agree(first: _Insert, second: _Insert) -> bool:
    return (
        (first.head, first.tail, first.effect, first.rest) == (second.head, second.tail, second.effect, second.rest)
        and first.rows[0].row.items == second.rows[0].row.items
        and second.rows[1].placeholders > 0
    )


def _load_insert(plan: nodes.Node, dialect: Dialect, *, rows: int) -> _Insert | None:
    """Return the only INSERT of a plan with its rows, None when the plan has another form."""
    wrapped = isinstance(plan, nodes.Transaction)
    inner = plan.expr if isinstance(plan, nodes.Transaction) else plan
    inserts: list[nodes.Query | nodes.Execute] = []
    generated: dict[str, nodes.Value] = {}

    def replace_insert(item: Any) -> Any:
        # Values made for a row become part of its template, so that each row gets new ones.
        if isinstance(item, nodes.Let) and _is_generating(item):
            generated.update((name, cast("nodes.ValueNode", value).value) for name, value in item.bindings)
            return rebuild(item.expr, replace_insert)
        if isinstance(item, nodes.Query | nodes.Execute) and _text_starts(item.statement, "INSERT INTO "):
            inserts.append(item)
            return nodes.Get(_INSERTED)
        return item

    # What is left is the plan around the INSERT, e.g. a read of the created records with their relations.
    rest = cast("nodes.Node", rebuild(inner, replace_insert))
    if len(inserts) != 1 or _needs_request(rest):
        return None
    insert = take_apart(inserts[0].statement)
    if insert is None or len(insert.rows) != rows or insert.tail_args or not any(row.args for row in insert.rows):
        return None
    templates = _load_templates(insert.rows, generated, dialect)
    if templates is None:
        return None
    effect = RunQuery if isinstance(inserts[0], nodes.Query) else RunExecute
    return _Insert(insert.head, templates, insert.tail, effect, rest, wrapped)


def _is_generating(node: nodes.Let) -> bool:
    return all(name.startswith(_GENERATED) and isinstance(value, nodes.ValueNode) for name, value in node.bindings)


def _text_starts(statement: nodes.Statement, words: str) -> bool:
    first = statement.fragments[0]
    return isinstance(first, nodes.Text) and first.chunk.startswith(words)


def _needs_request(rest: nodes.Node) -> bool:
    """Say whether something outside the INSERT needs a value of the request, or a value made for a row."""
    return any(
        isinstance(item, nodes.Slot)
        or (isinstance(item, nodes.Param) and (request_index(item) is not None or item.name.startswith(_GENERATED)))
        for item in walk(rest)
    )


def _load_templates(
    rows: Sequence[InsertedRow], generated: dict[str, nodes.Value], dialect: Dialect
) -> tuple[_Template, ...] | None:
    """Return the templates; each row's parameters must follow those of the rows before, without gaps."""
    templates: list[_Template] = []
    base = 0
    for row in rows:
        args = [_local(arg, base, generated) for arg in row.args]
        known = [arg for arg in args if arg is not None]
        # A gap would mean that a value of the request is used elsewhere in the plan.
        indexes = {request_index(item) for arg in known for item in walk(arg) if isinstance(item, nodes.Param)}
        if len(known) != len(args) or indexes != set(range(len(indexes))):
            return None
        form, fill = _load_form(row, len(args), dialect), _load_fill(known)
        templates.append(_Template(row, form, len(args), len(indexes), fill, column_makers(known), tuple(known)))
        base += len(indexes)
    return tuple(templates)


def _local(value: nodes.Value, base: int, generated: dict[str, nodes.Value]) -> nodes.Value | None:
    """Return a value in the numbering of its own row, None if it depends on anything else."""

    def renumber(item: Any) -> Any:
        if not isinstance(item, nodes.Param):
            return item
        if item.name in generated:
            return generated[item.name]
        index = request_index(item)
        return nodes.Param("" if index is None or index < base else f"%{index - base + 1}")

    local = cast("nodes.Value", rebuild(value, renumber))
    foreign = any(
        isinstance(item, nodes.Slot) or (isinstance(item, nodes.Param) and request_index(item) is None)
        for item in walk(local)
    )
    return None if foreign else local


def _load_form(row: InsertedRow, count: int, dialect: Dialect) -> Callable[[int], str]:
    if not dialect.is_numbered:
        text = row.sql.replace(PLACEHOLDER, dialect.placeholder_form)
        return lambda first: text
    numbered = row.sql.replace("%", "%%").replace(PLACEHOLDER, dialect.placeholder_form)
    return lambda first: numbered % tuple(range(first, first + count))


def _load_fill(args: list[nodes.Value]) -> Callable[[Run], list[Any]]:
    arguments = [load_argument(arg) for arg in args]
    return lambda run: [argument(run, {}) for argument in arguments]
